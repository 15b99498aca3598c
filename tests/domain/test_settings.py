"""Every option: read strictly, every mistake named at once, secrets never shown."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from operator import attrgetter
from pathlib import Path

import pytest

from widget.domain.settings import OPTIONS, Settings, SettingsError, load, option_table

CRM = {"VINCULO_CRM_URL": "https://ixc.provedor.example", "VINCULO_CRM_TOKEN": "7:s3cr3t"}


def mistakes(environ: dict[str, str], dotenv: Path | None = None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(environ, dotenv)
    return str(caught.value).splitlines()


def test_without_any_setting_the_product_is_a_demo() -> None:
    settings = load({})

    assert settings == Settings()
    assert settings.is_demo
    assert (settings.port, settings.host, settings.locale) == (5000, "127.0.0.1", "pt-BR")


def test_with_a_crm_the_product_serves_it() -> None:
    settings = load(CRM)

    assert not settings.is_demo
    assert (settings.main.url, settings.main.token) == (CRM["VINCULO_CRM_URL"], "7:s3cr3t")


@pytest.mark.parametrize(
    ("name", "given", "option", "value"),
    [
        ("PORT", "8080", "port", 8080),
        ("PORT", "0", "port", 0),
        ("VINCULO_HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("VINCULO_CRM_WAIT", "30", "main.wait", 30),
        ("VINCULO_LOCALE", "es", "locale", "es"),
        ("VINCULO_TIMEZONE", "America/Manaus", "timezone", "America/Manaus"),
        (
            "VINCULO_PARENTS",
            "https://a.example  http://localhost:3000",
            "parents",
            ("https://a.example", "http://localhost:3000"),
        ),
        ("VINCULO_PARENTS", "", "parents", ()),
        ("VINCULO_CRM_NAME", "", "main.name", "Inmap Sales CRM"),
        ("VINCULO_CRM_NAME", "CRM da Serra", "main.name", "CRM da Serra"),
    ],
)
def test_an_option_is_read_from_the_environment(
    name: str, given: str, option: str, value: object
) -> None:
    assert attrgetter(option)(load({name: given})) == value


@pytest.mark.parametrize(
    ("environ", "word"),
    [
        ({"PORT": "abc"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"PORT": "-1"}, "PORT"),
        ({"VINCULO_CRM_WAIT": "0"}, "VINCULO_CRM_WAIT"),
        ({"VINCULO_CRM_WAIT": "8.5"}, "VINCULO_CRM_WAIT"),
        ({"VINCULO_LOCALE": "fr"}, "VINCULO_LOCALE"),
        ({"VINCULO_TIMEZONE": "America/Sao_Palo"}, "VINCULO_TIMEZONE"),
        ({"VINCULO_TIMEZONE": "../../etc/passwd"}, "VINCULO_TIMEZONE"),
        ({"VINCULO_PARENTS": "*"}, "VINCULO_PARENTS"),
        ({"VINCULO_PARENTS": "chat.example"}, "VINCULO_PARENTS"),
        ({"VINCULO_PARENTS": "https://chat.example/path"}, "VINCULO_PARENTS"),
        ({"VINCULO_PARENTS": "https://chat.example;script-src"}, "VINCULO_PARENTS"),
        ({"VINCULO_PARENTS": "https://*.chat.example"}, "VINCULO_PARENTS"),
        ({"VINCULO_PARENTS": "javascript://x"}, "VINCULO_PARENTS"),
        ({**CRM, "VINCULO_CRM_URL": "ftp://ixc.provedor.example"}, "VINCULO_CRM_URL"),
        ({**CRM, "VINCULO_CRM_URL": "https://"}, "VINCULO_CRM_URL"),
        ({**CRM, "VINCULO_CRM_TOKEN": "s3cr3t"}, "VINCULO_CRM_TOKEN"),
        ({**CRM, "VINCULO_CRM_TOKEN": "7:s3cr3t with blanks"}, "VINCULO_CRM_TOKEN"),
        ({"VINCULO_CRM_URL": "https://ixc.provedor.example"}, "VINCULO_CRM_TOKEN"),
        ({"VINCULO_CRM_TOKEN": "7:s3cr3t"}, "VINCULO_CRM_URL"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_line_and_never_with_a_secret(
    environ: dict[str, str], word: str
) -> None:
    (line,) = mistakes(environ)

    assert word in line
    assert "s3cr3t" not in line


@pytest.mark.parametrize(
    "url", ["ixc.provedor.example", "10.0.0.5:8080", "https://ixc.provedor.example/adm.php"]
)
def test_an_address_may_be_pasted_as_it_stands_in_the_browser(url: str) -> None:
    assert load({**CRM, "VINCULO_CRM_URL": url}).main.url == url


def test_a_typing_error_is_a_mistake_and_the_right_name_is_suggested() -> None:
    assert mistakes({"VINCULO_CRM_TOKN": "7:s3cr3t"}) == [
        "VINCULO_CRM_TOKN: there is no such option; did you mean VINCULO_CRM_TOKEN?"
    ]


def test_all_mistakes_are_told_at_once() -> None:
    found = mistakes({"PORT": "x", "VINCULO_LOCALE": "fr", "VINCULO_COLOUR": "red"})

    assert [line.split(":")[0] for line in sorted(found)] == [
        "PORT",
        "VINCULO_COLOUR",
        "VINCULO_LOCALE",
    ]


def test_what_else_stands_in_the_environment_is_none_of_our_business() -> None:
    assert load({"PATH": "/bin", "HOST": "x", "LOCALE": "fr"}) == Settings()


def test_a_file_gives_options_and_the_environment_has_the_last_word(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(
        'PORT=8080\nVINCULO_HOST="0.0.0.0"  # everybody\n\n# a remark\nVINCULO_LOCALE=en\n'
    )

    settings = load({"VINCULO_LOCALE": "es"}, dotenv)

    assert (settings.port, settings.host, settings.locale) == (8080, "0.0.0.0", "es")


def test_a_typing_error_in_the_file_is_a_mistake_too(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("VINCULO_CRM_ULR=https://ixc.provedor.example\n")

    assert mistakes({}, dotenv) == [
        "VINCULO_CRM_ULR: there is no such option; did you mean VINCULO_CRM_URL?"
    ]


def test_a_secret_in_the_file_is_taken_as_it_is_written(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("VINCULO_SECRET=with${HOME}inside\n")

    assert load({}, dotenv).secret == "with${HOME}inside"


def test_without_a_file_nothing_is_missing(tmp_path: Path) -> None:
    assert load({}, tmp_path / ".env") == Settings()


def test_secrets_are_never_printed() -> None:
    settings = Settings(secret="s3cr3t", start_key="s3cr3t").over("", "7:s3cr3t")

    assert "s3cr3t" not in repr(settings)
    assert "s3cr3t" not in str(settings)


@pytest.mark.parametrize(
    ("wait", "settle", "is_enough"),
    [
        ("8", "120", True),
        ("60", "120", True),
        ("61", "120", False),
        ("8", "16", True),
        ("8", "15", False),
        ("1", "2", True),
    ],
)
def test_what_may_still_be_committed_is_waited_for_at_least_twice_as_long_as_an_answer(
    wait: str, settle: str, is_enough: bool
) -> None:
    given = {"VINCULO_CRM_WAIT": wait, "VINCULO_SETTLE_SECONDS": settle}
    if is_enough:
        assert load(given).main.settle_seconds == int(settle)
        return

    assert mistakes(given) == [
        (
            "VINCULO_SETTLE_SECONDS must be at least twice VINCULO_CRM_WAIT, or a late write is "
            "made twice"
        )
    ]


def test_settings_do_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


def test_the_table_has_every_option_with_its_default() -> None:
    table = option_table()

    assert all(f"| `{option}` |" in table for option in OPTIONS)
    assert "| `VINCULO_CRM_WAIT` | `8` |" in table
    assert "| `VINCULO_CRM_TOKEN` |  |" in table
