"""Where the one thing is done: the same words wherever it is named."""

from __future__ import annotations

from widget.domain.texts import mark

INTEGRATIONS = mark("Na configuração do painel: Integrações")
SETTINGS = mark("Na configuração da integração: URL")
TOKEN = mark("Na configuração da integração: Token")
AUTHORITY = mark("Na configuração da integração: autoridade certificadora")
WAIT = mark("Na configuração da integração: Tempo máximo de resposta")
OPTIONS = mark("Nas opções do servidor do painel (arquivo .env)")
PARENTS = mark("Na configuração do painel: endereços que podem abrir o painel")
CONSOLE = mark("No console: configuração do aplicativo que abre o painel")
DATA = mark("No servidor do painel: pasta de dados")
SERVER = mark("No servidor do painel")
CLOCK = mark("No servidor do painel: data e hora (NTP)")
CONSOLE_CLOCK = mark("No servidor do console: data e hora (NTP)")
NETWORK = mark("Na rede entre o painel e o CRM")
NAMES = mark("No serviço de nomes (DNS)")
WEB_SERVER = mark("No servidor web do CRM (nginx): certificado")
GROUPS = mark("No IXC: Configurações > Usuários > Grupo de usuários > Permissões")
NETWORKS = mark("No IXC: Configurações > Usuários > Grupo de usuários > Redes permitidas")
USERS = mark("No IXC: Configurações > Usuários > usuário do token")
STAFF = mark("No IXC: Configurações > Usuários: e-mail e funcionário")
SUPPORT = mark("No suporte da IXC Soft")
FORMS = mark("No IXC: parâmetros e permissões do formulário")
PANEL = mark("No painel do atendente")
PENDING = mark("No painel: lista do que está a caminho")
