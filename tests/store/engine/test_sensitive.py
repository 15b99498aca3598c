"""What never lies on our disk."""

import pytest

from widget.store.engine.sensitive import without_secrets


@pytest.mark.parametrize(
    "column", ["senha", "Senha", "token_rdstation", "nfe_chave", "certificado_digital"]
)
def test_a_secret_goes(column: str) -> None:
    assert without_secrets({"id": "1", column: "s3cr3t"}) == {"id": "1"}


@pytest.mark.parametrize(
    "column", ["nome", "email", "cnpj_cpf", "obs", "id_responsavel", "external_id"]
)
def test_what_is_no_secret_stays(column: str) -> None:
    assert without_secrets({column: "x"}) == {column: "x"}
