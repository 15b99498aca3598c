"""Words of which the invented people, firms and streets are made."""


def words(text: str) -> tuple[str, ...]:
    """The words between the bars."""
    return tuple(text.split("|"))


GIVEN = words(
    "Adriana|Alice|Antônio|Bárbara|Benedito|Camila|Carlos|Cecília|Célia|César|Cíntia|Cristiano|"
    "Daiane|Daniel|Davi|Denise|Diego|Edson|Eduarda|Eliane|Elisângela|Emerson|Érica|Estêvão|Fátima|"
    "Felipe|Fernanda|Flávio|Francisca|Gabriel|Geraldo|Gisele|Glória|Guilherme|Hélio|Iara|Inês|"
    "Isabela|Ivone|Jaqueline|Joana|João|Joaquim|José|Josué|Juliana|Karina|Larissa|Leandro|Letícia|"
    "Lívia|Luana|Lucas|Luís|Luíza|Márcia|Márcio|Marcos|Maria|Mateus|Maurício|Miguel|Mônica|Natália|"
    "Nathália|Neusa|Nicole|Otávio|Patrícia|Paulo|Pedro|Priscila|Rafaela|Raquel|Regina|Renata|"
    "Ricardo|Roberta|Rodrigo|Rogério|Rosângela|Sandra|Sérgio|Sílvia|Simone|Sônia|Talita|Tânia|"
    "Thaís|Tiago|Valéria|Vanessa|Vera|Vinícius|Vítor|Wagner|Wesley|Yasmin|Zilda"
)
FAMILY = words(
    "Alves|Amorim|Andreolla|Araújo|Assunção|Baldissera|Barbosa|Batista|Becker|Bianchi|Borges|"
    "Brandão|Bruxel|Camargo|Cardoso|Carvalho|Castro|Cavalheiro|Conceição|Corrêa|Costa|da Cruz|"
    "da Rosa|da Silva|Dal Bó|de Araújo|de Oliveira|de Souza|Dias|dos Santos|Fagundes|Fávero|"
    "Fernandes|Figueiró|Fonseca|França|Freitas|Gaspar|Girardi|Gonçalves|Gräff|Guimarães|Hübner|"
    "Krüger|Leão|Lima|Lunardi|Machado|Magalhães|Maldaner|Marques|Martins|Medeiros|Menezes|Moraes|"
    "Müller|Nascimento|Neves|Pagliarini|Peixoto|Pereira|Picoli|Pinheiro|Prestes|Ribeiro|Rocha|"
    "Rodrigues|Sartori|Schäfer|Schmitt|Simões|Tavares|Teixeira|Tonial|Valduga|Vargas|Vasconcelos|"
    "Vieira|Weber|Xavier|Zanella|Zimmermann"
)
TRADES = words(
    "Auto Mecânica|Clínica Veterinária|Confeitaria|Escola de "
    "Idiomas|Farmácia|Floricultura|Hotel|Madeireira|"
    "Mercado|Ótica|Panificadora|Pousada|Restaurante|Salão de Beleza|Transportes"
)
FIRMS = words(
    "Aliança|Aurora|Bela "
    "Vista|Central|Colina|Estrela|Horizonte|Ipê|Pinheiral|Pioneira|Primavera|São Jorge|União"
)
STREETS = words(
    "Rua das Palmeiras|Rua Benjamin Constant|Avenida Brasil|Rua Sete de Setembro|Rua Marechal "
    "Bormann|"
    "Servidão das Acácias|Linha São Roque|Avenida Getúlio Vargas|Rua Uruguai|Rua Quintino Bocaiúva"
)
DISTRICTS = words(
    "Centro|Efapi|Presidente Médici|São Cristóvão|Jardim Itália|Santa Maria|Passo dos "
    "Fortes|Interior"
)
REMARKS = (
    "",
    "",
    "",
    "Cliente antigo, veio da base anterior.\r\nConferir endereço.",
    "<p>Solicitou <b>retorno</b> pela manhã.</p><br />",
    "Não aceita ligação & pede só mensagem",
    "<script>alert('obs')</script>",
    'Indicado pelo vizinho ("casa amarela")',
)
