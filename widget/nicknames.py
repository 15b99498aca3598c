"""Given names that are no error of typing for each other, and what Brazil calls them: nothing but words."""

import re

# One family a line: each of its names may stand for each other. Ours: only what Brazilians say without thinking.
FAMILIES = tuple(
    line.strip()
    for line in """
    jose ze zeca
    francisco chico kiko fco
    francisca chica
    eduardo edu dudu duda
    eduarda duda
    roberto beto
    alberto beto
    humberto beto
    carlos cacau
    antonio tonho toni tonico ant
    antonio toninho
    joao jota
    luis lula
    maria maricota ma
    fernando nando
    fernanda nanda fe
    ronaldo naldo
    reginaldo naldo
    sebastiao tiao bastiao
    sebastiana tiana bastiana
    rafael rafa
    rafaela rafa
    gabriel biel gabi
    gabriela gabi bibi
    isabel bel isa
    isabela bela isa
    daniel dani
    daniela dani
    beatriz bia
    mariana mari
    marina mari
    leticia le leti
    leonardo leo
    leandro leo
    alexandre xande ale alex
    alexandra xanda ale
    alessandra ale sandra
    patricia pati
    cristina cris tina
    cristiane cris
    cristiano cris
    ricardo rick
    augusto guto
    gustavo guga guto
    guilherme gui
    felipe lipe
    aparecida cida
    teresa tere teca
    conceicao ceica
    raimundo mundinho
    manoel mane manu neco
    manuela manu
    pedro pedrinho
    marcelo celo
    vinicius vini
    vitoria vivi
    viviane vivi
    carolina carol
    caroline carol
    juliana ju juju
    julia ju juju
    camila mila cami
    luciana lu
    luisa lu
    lucia lu
    natalia nati nat
    tatiana tati
    renata re
    benedito dito
    expedito dito
    joaquim quim quincas
    severino bio biu
    vanderlei wando
    samuel samuca
    elisabete bete beth
    rosangela rosa
    valdemar dema
    adriana dri
    adriano dri
    debora deb
    mateus teus
    valeria val
    valdir val
    jaqueline jaque
    jessica je
    priscila pri
    rodrigo digo
    thais tata
    simone si
""".strip().splitlines()
)

GIVEN = frozenset(
    re.findall(
        r"\w+",
        """
    adriana adriano alana alexandra alexandre alice aline alisson amanda ana anderson andre andrea andreia angela
    antonia antonio aparecida ariane arthur augusto barbara beatriz benedito bento bernardo bianca bruna bruno caio
    camila carla carlos carmem carolina caroline cassia catarina cecilia celia celio celso cesar cicero cintia claudia
    claudio clara cleide cleusa cristiana cristiane cristiano cristina daiane daniel daniela davi debora denis denise
    diana diego diogo douglas edna edson eduarda eduardo elaine eliana eliane elias elisa elisabete elsa elton elza
    emanuel emerson enzo erica erico eva evandro everton fabiana fabiano fabio fabricio fatima felipe fernanda fernando
    flavia flavio francisca francisco gabriel gabriela geraldo gilberto giovana giovani gisele gislaine glaucia gloria
    graca guilherme gustavo heitor helena helio henrique hugo igor ines iracema irene isabel isabela ivan ivana ivone
    jaime jaqueline jefferson jessica joana joao joaquim joel jonas jonatas jorge jose josefa josue julia juliana
    juliano julio karen karina katia laura leandro leila leonardo leticia lidia livia lorena lourdes luan luana lucas
    lucia luciana luciano lucio luis luisa luiz luiza maicon maira manoel manuel manuela mara marcela marcelo marcia
    marcio marco marcos margarida maria mariana mariane marilda marilene marina marines mario marisa maristela marlene
    marli marta mateus matheus mauricio mauro michel michele miguel milena milton miriam moises monica murilo nadia
    natalia neide nelson neusa nilson nilton nilza odair orlando osmar osvaldo otavio pamela patricia paula paulo
    pedro priscila rafael rafaela raimundo raquel raul regina reginaldo reinaldo renan renata renato ricardo rita
    roberta roberto rodrigo rogerio romulo ronaldo rosa rosana rosane rosangela roseli rosilene rubens samara samuel
    sandra sandro sara sebastiao selma sergio silvana silvia silvio simone solange sonia suelen suzana talita tamires
    tania tatiana tatiane teresa tereza thais thiago tiago valdir valeria valmir vanderlei vanessa vera veronica
    vicente victor vilma vilson vinicius vitor vitoria viviane wagner walter wellington wesley william wilma wilson
    yara yasmin yuri zilda
    """,
    )
)
