"""Given names that are no typing errors of each other, and their nicknames."""

import re

# One family a line: each of its names may stand for each other. Ours: only what Brazilians say
# without thinking.
FAMILIES = tuple(
    line.strip()
    for line in """
    jose ze zeca
    francisco chico kiko fco
    francisca chica
    eduardo edu dudu duda cadu
    eduarda duda madu
    roberto beto
    alberto beto
    humberto beto
    carlos cacau cadu
    antonio tonho toni tonico ant
    antonio toninho
    joao jota
    luis lula
    maria maricota ma malu madu maju
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
    raimundo mundinho nonato
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
    luisa lu malu
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
    josefa zefa
    michael maicon
    heloisa helo lo
""".strip().splitlines()
)

GIVEN = frozenset(
    re.findall(
        r"\w+",
        """
    abel abigail adair adalberto adao adelaide adelia ademar ademir adilson adolfo adriana adriano
    afonso agata agnaldo agostinho aguinaldo aida airton alan alana albertina alberto alceu alcides
    aldo alencar alessandra alessandro alexandra alexandre alfredo alice aline alisson almir altair
    aluisio alvaro alzira amadeu amanda amauri amelia ana anderson andre andrea andreia angela anita
    anselmo antonella antonia antonio aparecida aparecido ariane ariel ariovaldo arlete arlindo
    armando arnaldo arthur augusto aurea aurora barbara beatriz benedito benicio benjamin bento
    berenice bernadete bernardo betania bianca brenda breno bruna bruno cacilda caetano caio calebe
    camila carina carla carlos carmem carolina caroline cassia catarina catia cauan cecilia celia
    celio celso cesar cesario cicero cintia clara clarice clarissa claudemir claudete claudia
    claudinei claudio cleber cleide clemente cleonice cleusa conceicao cristiana cristiane cristiano
    cristina cristovao daiane dalila dalva damiao daniel daniela danilo dante darci dario davi
    debora delfina delma denis denise diana diego diogo dirceu domingos dora dorival douglas edgar
    edilson edimar edivaldo edmilson edmundo edna edson eduarda eduardo efigenia elaine elenice
    eliana eliane elias elida elisa elisabete elizeu eloa eloisa elsa elton elza emanuel emanuela
    emerson emilia emilio enedina eneida enio enrico enzo erica erico ernesto estela ester estevao
    esther euclides eugenia eugenio eunice eurico euridice eva evandro everton expedito ezequiel
    fabiana fabiano fabio fabiola fabricio fatima felicia feliciano felipe felix fernanda fernando
    firmino flavia flavio flora floriano francine francisca francisco frederico gabriel gabriela
    genesio genilson genivaldo george geovana geraldo germano gerson gilberto gilmar gilson gilvan
    giovana giovani gisele gislaine giulia glaucia gloria godofredo graca gracas graziela guilherme
    guiomar gustavo haroldo hedy heitor helena helio heloisa henrique hercules hermes herminia hilda
    horacio hugo humberto iara ida igor ilda inacio ines ingrid iolanda ione iracema iraci irene
    iris isaac isabel isabela isabele isaias isaura ismael israel italo itamar iuri ivan ivana ivete
    ivo ivone izaura jacinto jacira jacqueline jader jaime jair jairo jandira janete janice
    jaqueline jean jeferson jefferson jeremias jeronimo jessica joana joao joaquim joaquina joel
    joelma jonas jonatas jonathan jordana jordao jorge jose josefa joselia josiane josias josue
    jovelina juarez judite julia juliana juliane juliano julieta julio jurema juscelino jussara kaio
    karen karina karine karla katia kauan kaue keila kelly kleber laercio laerte lais lara larissa
    laura lauro lavinia lazaro leandro leda leia leila leni leonardo leonel leonice leonor leopoldo
    leticia levi lia liana lidia lidiane lilian liliana liliane linda lindalva lindomar livia loiva
    lorena lourdes luan luana lucas lucelia lucia luciana luciano lucila lucimar lucimara lucinda
    lucineia lucio luis luisa luiz luiza luna luzia madalena magali magda magno maiara maicon maira
    manoel manoela manuel manuela mara marcela marcelino marcelo marcia marciano marcilene marcilio
    marcio marco marcos margarida maria mariana mariane mariangela marilda marilene marina marines
    mario marisa maristela marlene marli marlon marluce marlucia marly marta martim martin martinho
    mateus matheus mauricio mauro mayara melissa mercedes micael micaela michael michel michele
    michelle miguel milena milton mirela miriam mirian moacir moema moises monica morgana murilo
    nadia naiara nair nanci natalia natanael nathalia neide neila neli nelio nelita nelma nelson
    nerci nestor neusa neuza nicolas nicole nilda nilo nilson nilton nilza nivaldo noah noel noeli
    noemi norberto norma odair odete odilon ofelia olavo olga olimpio olinda olivia onofre orestes
    orlando oscar oseias osmar osmarina osmir osni osvaldo oswaldo otacilio otavio otto ovidio
    paloma pamela paola pascoal patricia patrick paula paulina paulo pedro percival petronio pietra
    pietro poliana priscila quiteria rafael rafaela rafaella raica raimundo raissa ramiro ramon
    ranulfo raquel raul regiane regina reginaldo reinaldo rejane renan renata renato renildo
    ricardina ricardo rita rivaldo roberta roberto robson rodrigo roger rogeria rogerio rolando
    romeu romilda romilson romulo ronaldo ronan rosa rosalia rosalina rosalva rosana rosane
    rosangela rosaria roseane roseli rosemari rosemeire rosilene rosimeire ruan rubens rufino rui
    rute ruth sabrina salete salomao samanta samara samira samuel sandra sandro sara saul saulo
    savio sebastiana sebastiao selma sergio severina severino sheila sidnei sidney silvana silvia
    silvio simone sofia solange sonia soraia stefani stela suelen sueli susana suzana tadeu taina
    tainara tais taisa taissa tales talita tamires tania tatiana tatiane telma teodoro teresa tereza
    terezinha thaina thais thales theo thiago thomas tiago tobias tomas tulio ubirajara ulisses
    urbano valdeci valdecir valdemar valdir valdirene valentim valentina valeria valmir valter vanda
    vanderlei vanderson vanessa vania vanilda vera veronica vicente victor vilma vilson vinicius
    virgilio virginia viridiana vitor vitoria vivian viviane wagner waldemar waldir walter wanda
    wanderley wanessa washington wellington weslei wesley william willian wilma wilson yago yara
    yasmim yasmin yolanda yuri zelia zenaide zenilda zilda zita zoraide zuleica zulmira
        """,
    )
)
