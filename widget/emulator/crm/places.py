"""States and 5 570 cities.

The cities of the cast come first, then real ones, then invented ones that sound real.
"""

from itertools import product

from widget.emulator.crm.names import words
from widget.emulator.crm.sales import Records

CITIES = 5570
SANTA_CATARINA = "24"  # ids of states are their places in this list
_STATES = words(
    "AC Acre|AL Alagoas|AM Amazonas|AP Amapá|BA Bahia|CE Ceará|DF Distrito Federal|ES Espírito "
    "Santo|GO Goiás|"
    "MA Maranhão|MG Minas Gerais|MS Mato Grosso do Sul|MT Mato Grosso|PA Pará|PB Paraíba|PE "
    "Pernambuco|PI Piauí|"
    "PR Paraná|RJ Rio de Janeiro|RN Rio Grande do Norte|RO Rondônia|RR Roraima|RS Rio Grande do "
    "Sul|"
    "SC Santa Catarina|SE Sergipe|SP São Paulo|TO Tocantins"
)
# The first four carry the ids of the branches. Some names are there twice, in two states, as in the
# country.
_FIRST = words(
    "SC Chapecó|SC Xanxerê|SC Concórdia|SC Xaxim|SC Florianópolis|PR Curitiba|RS Porto Alegre|SP "
    "São Paulo|"
    "SC São José|RS São José|SC Joinville|SC Blumenau|SC Itajaí|SC Criciúma|SC Lages|SC São "
    "Miguel do Oeste|"
    "RJ Rio de Janeiro|MG Belo Horizonte|DF Brasília|BA Salvador|PE Recife|CE Fortaleza|AM "
    "Manaus|GO Goiânia|"
    "PA Belém"
)
_REAL = {
    "SC": (
        "Abelardo Luz|Águas de Chapecó|Balneário Camboriú|Biguaçu|Brusque|Caçador|Campos "
        "Novos|Canoinhas|"
        "Capinzal|Cordilheira Alta|Coronel Freitas|Cunha Porã|Curitibanos|Dionísio "
        "Cerqueira|Faxinal dos Guedes|"
        "Fraiburgo|Gaspar|Guatambu|Herval d'Oeste|Imbituba|Indaial|Ipumirim|Itá|Itapema|Itapiranga|"
        "Jaraguá do Sul|Joaçaba|Laguna|Lindóia do Sul|Mafra|Maravilha|Mondaí|Navegantes|Nova "
        "Erechim|Palhoça|"
        "Palmitos|Pinhalzinho|Ponte Serrada|Quilombo|Rio do Sul|Rio Negrinho|São Bento do Sul|São "
        "Carlos|"
        "São Lourenço do Oeste|Seara|Timbó|Tubarão|Videira|Xavantina|Passos "
        "Maia|Vargeão|Marema|Entre Rios|"
        "Ipuaçu|Bom Jesus|Lajeado Grande|Arvoredo|Paial|Planalto Alegre"
    ),
    "PR": (
        "Apucarana|Arapongas|Campo Mourão|Cascavel|Clevelândia|Colombo|Dois Vizinhos|Foz do Iguaçu|"
        "Francisco "
        "Beltrão|Guarapuava|Irati|Londrina|Maringá|Medianeira|Palmas|Paranaguá|Paranavaí|Pato "
        "Branco|"
        "Pinhais|Ponta Grossa|São José dos Pinhais|Telêmaco Borba|Toledo|Umuarama|União da "
        "Vitória|Chopinzinho"
    ),
    "RS": (
        "Alegrete|Bagé|Bento Gonçalves|Canoas|Carazinho|Caxias do Sul|Cruz "
        "Alta|Erechim|Farroupilha|"
        "Frederico Westphalen|Gramado|Ijuí|Lajeado|Nonoai|Novo Hamburgo|Palmeira das "
        "Missões|Passo Fundo|Pelotas|"
        "Rio Grande|Santa Cruz do Sul|Santa Maria|Santa Rosa|Santo Ângelo|São Borja|São "
        "Leopoldo|Uruguaiana|"
        "Vacaria|Viamão"
    ),
    "SP": (
        "Americana|Araçatuba|Araraquara|Assis|Barretos|Bauru|Botucatu|Campinas|Diadema|Franca|"
        "Guarulhos|Indaiatuba|Itu|Jaú|Jundiaí|Limeira|Marília|Mauá|Mogi das Cruzes|Osasco|"
        "Piracicaba|Presidente Prudente|Ribeirão Preto|Rio Claro|Santo André|Santos|São Carlos|"
        "São José do Rio Preto|São José dos Campos|Sorocaba|Taubaté"
    ),
    "MG": (
        "Araguari|Araxá|Barbacena|Betim|Contagem|Divinópolis|Governador "
        "Valadares|Ipatinga|Itabira|Itajubá|"
        "Juiz de Fora|Lavras|Montes Claros|Muriaé|Ouro Preto|Passos|Patos de Minas|Poços de "
        "Caldas|Pouso Alegre|"
        "São João del-Rei|Sete Lagoas|Teófilo Otoni|Três "
        "Corações|Ubá|Uberaba|Uberlândia|Varginha|Viçosa|"
        "Bom Jesus do Galho"
    ),
    "RJ": (
        "Angra dos Reis|Barra Mansa|Cabo Frio|Campos dos Goytacazes|Duque de "
        "Caxias|Macaé|Niterói|Nova Friburgo|"
        "Nova Iguaçu|Petrópolis|Resende|São Gonçalo|Teresópolis|Volta Redonda"
    ),
    "ES": ("Cachoeiro de Itapemirim|Colatina|Guarapari|Linhares|Serra|Vila Velha|Vitória"),
    "BA": (
        "Alagoinhas|Barreiras|Camaçari|Feira de Santana|Ilhéus|Itabuna|Jequié|Juazeiro|Porto "
        "Seguro|"
        "Teixeira de Freitas|Vitória da Conquista|Bom Jesus da Lapa"
    ),
    "PE": (
        "Cabo de Santo Agostinho|Caruaru|Garanhuns|Jaboatão dos "
        "Guararapes|Olinda|Paulista|Petrolina|Serra Talhada"
    ),
    "CE": ("Caucaia|Crato|Iguatu|Juazeiro do Norte|Maracanaú|Quixadá|Sobral|Tianguá"),
    "PB": ("Cajazeiras|Campina Grande|João Pessoa|Patos|Santa Rita|Sousa|Bom Jesus"),
    "RN": ("Caicó|Mossoró|Natal|Parnamirim|Bom Jesus"),
    "AL": ("Arapiraca|Maceió|Palmeira dos Índios"),
    "SE": ("Aracaju|Itabaiana|Lagarto"),
    "PI": ("Floriano|Parnaíba|Picos|Teresina|Bom Jesus"),
    "MA": ("Bacabal|Balsas|Caxias|Imperatriz|São Luís|Timon"),
    "PA": ("Altamira|Ananindeua|Castanhal|Marabá|Parauapebas|Santarém|Tucuruí"),
    "AM": ("Itacoatiara|Manacapuru|Parintins|Tefé"),
    "AC": ("Cruzeiro do Sul|Rio Branco"),
    "AP": ("Macapá|Santana"),
    "RO": ("Ariquemes|Cacoal|Ji-Paraná|Porto Velho|Vilhena"),
    "RR": ("Boa Vista|Rorainópolis"),
    "TO": ("Araguaína|Gurupi|Palmas|Porto Nacional"),
    "GO": (
        "Anápolis|Aparecida de Goiânia|Caldas Novas|Catalão|Formosa|Itumbiara|Jataí|Luziânia|Rio "
        "Verde|"
        "Bom Jesus de Goiás"
    ),
    "MT": (
        "Barra do Garças|Cáceres|Cuiabá|Lucas do Rio Verde|Rondonópolis|Sinop|Sorriso|Várzea Grande"
    ),
    "MS": ("Campo Grande|Corumbá|Dourados|Naviraí|Ponta Porã|Três Lagoas"),
}
_HEADS = words(
    "Água|Alto|Barra|Boa Vista|Bom "
    "Retiro|Cachoeira|Campo|Córrego|Lagoa|Linha|Monte|Morro|Nova|Pedra|Ponte|Porto|"
    "Ribeirão|Rio|Salto|Santa|Santo Antônio|São João|São Pedro|Serra|Vale|Várzea|Vila"
)
_TAILS = words(
    "Alegre|Azul|Branca|Bonita|Clara|Comprida|da Conceição|da Esperança|da Mata|da Prata|da "
    "Serra|das Araucárias|"
    "das Flores|das Pedras|do Campo|do Cedro|do Ipê|do Jacaré|do Meio|do Norte|do Oeste|do "
    "Sul|dos Pinhais|Formosa|"
    "Grande|Mansa|Negra|Rica|Seca|Verde|Vermelha|Velha"
)


def places() -> Records:
    """Every state and city as (table, values)."""
    for state in _STATES:
        code, name = state.split(" ", 1)
        yield (
            "uf",
            {
                "sigla": code,
                "nome": name,
            },
        )
    ids = {state[:2]: str(place) for place, state in enumerate(_STATES, start=1)}
    for place, (state, city) in enumerate(_cities(), start=1):
        yield (
            "cidade",
            {
                "nome": city,
                "uf": ids[state],
                "cod_ibge": f"{int(ids[state]) + 10}{place:05}",
            },
        )


def _cities() -> list[tuple[str, str]]:
    first = [(name[:2], name[3:]) for name in _FIRST]
    real = [(state, city) for state, names in _REAL.items() for city in names.split("|")]
    known = dict.fromkeys(first + real)
    states = [state[:2] for state in _STATES]
    for place, (head, tail) in enumerate(product(_HEADS, _TAILS)):
        for step in range(8):  # the same name in several states, as real names are
            known.setdefault((states[(place * 5 + step * 3) % len(states)], f"{head} {tail}"))
    return list(known)[:CITIES]
