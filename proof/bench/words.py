"""Words of which the labelled pairs are made, written before the rule was tuned on them."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", " ").split("|"))


GIVEN = _words("""
Adalberto|Adriana|Agnaldo|Alana|Alisson|Altair|Amanda|Ana|Anderson|Anelise|Antônio|Ariel|Arlete|\
Beatriz|Bento|Bruna|
Caetano|Caio|Camila|Carlos|Cecília|Clarice|Claudete|Cleonice|Cristóvão|Dalva|Daniel|Darci|Débora|\
Dirceu|Domingos|
Edilson|Eduardo|Elenice|Elisa|Emanuelle|Enzo|Estela|Fabrício|Fátima|Felipe|Fernanda|Francisco|\
Gabriela|Gilmar|Graziela|
Heitor|Helena|Henrique|Iara|Inácio|Irene|Isabela|Ivo|Jandira|Jeferson|Joana|João|Joaquim|José|\
Juliana|Karina|Kauã|
Laércio|Larissa|Leandro|Leopoldo|Lorena|Luana|Lucas|Luísa|Maicon|Marcelo|Márcia|Maria|Marlene|\
Mateus|Miguel|Mirian|
Natália|Neusa|Noemi|Odete|Olívia|Osmar|Patrícia|Paulo|Pedro|Rafaela|Raquel|Renan|Ricardo|Rita|\
Rosângela|Samuel|
Sérgio|Sílvia|Sofia|Tainá|Teresa|Tiago|Ubirajara|Valdecir|Valentina|Vanessa|Vicente|Vinícius|\
Vitória|Yasmin|Zulmira
""")
SURNAMES = _words("""
Abreu|Aguiar|Albuquerque|Almeida|Alves|Amaral|Andrade|Antunes|Araújo|Barbosa|Barros|Batista|\
Bittencourt|Borges|Brito|
Camargo|Cardoso|Carvalho|Casagrande|Castro|Cordeiro|Corrêa|Costa|Cunha|da Cruz|da Luz|da Rosa|\
da Silva|de Almeida|
de Jesus|de Lima|de Oliveira|de Souza|Dias|do Nascimento|dos Santos|Duarte|Fagundes|Farias|\
Ferrari|Ferreira|
Figueiredo|Fontana|Freitas|Garcia|Gomes|Gonçalves|Guimarães|Kowalski|Leite|Lemos|Lopes|Macedo|\
Machado|Maciel|
Magalhães|Marques|Martins|Medeiros|Mello|Mendonça|Miranda|Moraes|Moreira|Müller|Nogueira|Nunes|\
Paiva|Peixoto|Pereira|
Pinto|Pires|Queiroz|Ramos|Reis|Ribeiro|Rocha|Rodrigues|Salvador|Santana|Schmidt|Siqueira|Soares|\
Souza|Tavares|
Teixeira|Vasconcelos|Vaz|Vieira|Weber|Zanetti
""")
GENERATIONS = _words("Júnior|Jr.|Filho|Neto|Sobrinho")
# Each line one name as registrars spell it.
SPELLINGS = _words("""
Luís Luiz|Tiago Thiago|Vítor Victor|Mateus Matheus|Felipe Filipe Phelipe|Rafael Raphael|\
Wagner Vagner|Walter Valter|
Wesley Weslei Uesley|William Willian Wiliam Uilian|Giovana Giovanna Geovana Jiovana|\
Isabela Izabela Isabella|
Raissa Rayssa Raíça|Natália Nathalia Nathália|Jéssica Gessica Jessyca|Michele Michelle Micheli|\
Cristiane Christiane|
Jonatan Jhonatan Jonathan|Kauã Cauã Kauan|Caíque Kaique Kayke|Érica Erika Érika|Sofia Sophia|\
Letícia Leticya|
Tainá Thayná Tayná|Eloá Heloá|Manuela Manoela|Heitor Eitor|Ester Esther|Davi Davy David|\
Denis Dênis Dennys|
Cleber Kleber|Maicon Maycon Michael|Jaqueline Jacqueline|Emanuelle Emanueli Emanuele|Luísa Luiza|\
Teresa Thereza Tereza|
Elisabete Elizabeth Elisabeth|Sheila Cheila|Suélen Suellen Suelem|Evelin Evelyn Hevelyn|\
Ketlin Kethelyn Ketlyn|
Stefani Stephanie Estefany|Lívia Lyvia|Otávio Octávio|Diego Dyego|Édson Edison|Ivete Yvete|\
Jéferson Jefferson Geferson|
Rian Ryan|Lorrana Lorana|Brian Bryan Braian|Aline Alyne Haline
""")
# What somebody of this name is called; compound names are called by both.
NICKNAMES = {
    "José": "Zé Zeca Juca Zezinho",
    "Francisco": "Chico Chiquinho Kiko",
    "Antônio": "Toninho Tonho Tom",
    "Eduardo": "Edu Dudu Duda",
    "Eduarda": "Duda",
    "Roberto": "Beto Betinho",
    "Carlos": "Carlinhos Caco",
    "Carlos Eduardo": "Cadu",
    "Maria Luísa": "Malu",
    "Maria Eduarda": "Duda Madu",
    "João": "Joãozinho Jão",
    "Raimundo": "Mundinho Nonato",
    "Sebastião": "Tião",
    "Fernanda": "Nanda Fê",
    "Gabriel": "Biel Gabi",
    "Rafael": "Rafa",
    "Josefa": "Zefa",
    "Aparecida": "Cida Cidinha",
    "Terezinha": "Teca Tetê",
    "Beatriz": "Bia",
    "Juliana": "Ju Juju",
    "Paula": "Paulinha",
    "Marcos": "Marquinhos",
    "Luiz": "Luizinho",
    "Guilherme": "Gui Guiga",
    "Leonardo": "Léo",
    "Patrícia": "Pati Paty",
    "Isabel": "Bel Belinha",
    "Alexandre": "Xande Alê Alex",
    "Ricardo": "Rick Ricardinho",
    "Daniela": "Dani",
    "Marcelo": "Celo Marcelinho",
    "Vinícius": "Vini",
    "Conceição": "Ceiça",
    "Benedito": "Dito",
    "Augusto": "Guto",
    "Renata": "Rê Renatinha",
    "Samuel": "Samuca",
    "Geraldo": "Gegê",
    "Ronaldo": "Naldo Ronaldinho",
    "Margarida": "Guida",
    "Elisabete": "Bete",
    "Manoel": "Mané Neco",
}
# Names that differ by little and are two.
ALIKE = _words("""
Nelson Nilson|Paulo Paula|Mário Maria|Diego Diogo|Marina Mariana|Eliane Elaine|Renato Renata|\
Marcos Márcio|Luana Luna|
Adriano Adriana|Daniel Daniela|Rosana Rosane|Cristiano Cristiane|José Josué|Gilson Wilson|\
Edson Nelson|Valdir Valmir|
Carla Clara|Lúcia Luzia|Marcelo Marcela|Roberto Norberto|Celso Celio|Aline Alice|Tainá Taís|\
Joana João|Raul Saul
""")
TRADES = _words(
    "Padaria|Mercado|Farmácia|Oficina|Restaurante|Pousada|Clínica|Madeireira|Papelaria|Transportes|"
    "Hotel"
)
FIRMS = _words(
    "Trigo Novo|Bom Preço|Vida Leve|Dois Irmãos|Sabor da Terra|Sol Nascente|Sorriso Largo|Pinho "
    "Bravo|Rota Certa|"
    "Mar Azul|Monte Claro|Flor do Campo|Água Viva|Novo Rumo|Serra Alta"
)
FIRM_FORMS = _words("LTDA|Ltda.|ME|EIRELI|EPP|S/A|LTDA ME")
CITIES = _words("11|12|13|14|15|16")
DDDS = _words("49|48|47|54|55|51|41|11")
# Keys beside each other.
NEIGHBOURS = {
    "a": "sq",
    "b": "vn",
    "c": "xv",
    "d": "sf",
    "e": "wr",
    "f": "dg",
    "g": "fh",
    "h": "gj",
    "i": "uo",
    "j": "hk",
    "k": "jl",
    "l": "ko",
    "m": "n",
    "n": "bm",
    "o": "ip",
    "p": "o",
    "q": "wa",
    "r": "et",
    "s": "ad",
    "t": "ry",
    "u": "yi",
    "v": "cb",
    "w": "qe",
    "x": "zc",
    "y": "tu",
    "z": "xa",
}
