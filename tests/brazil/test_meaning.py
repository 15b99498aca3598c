"""Texts, dates and amounts as real bases keep them, and what is meant by them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widget.brazil import meaning


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        ("Padaria P&atilde;o &amp; Cia", "Padaria Pão & Cia"),
        ("Padaria P&amp;atilde;o &amp;amp; Cia", "Padaria Pão & Cia"),
        ("Jos&#233; d&#39;&Aacute;vila &#xC9;", "José d'Ávila É"),
        ("linha 1<br>linha 2<BR/>linha 3<br />\nlinha 4", "linha 1\nlinha 2\nlinha 3\nlinha 4"),
        ("linha 1&lt;br /&gt;linha 2", "linha 1\nlinha 2"),
        ("<p>um</p>\n<p>dois</p>", "um\n\ndois"),
        ("<ul><li>um</li><li>dois</li></ul>", "um\n\ndois"),
        (
            '<p class="x" style="a>b">O <b>roteador</b> é <span>comodato</span></p>',
            "O roteador é comodato",
        ),
        ('<p>foto: <img src="data:image/png;base64,AA=="> ok</p>', "foto:  ok"),
        ("<!-- Word --><style>p{}</style><o:p>texto</o:p>", "texto"),
        ("1 &lt; 2 &gt; 0", "1 < 2 > 0"),
        ("R$&nbsp;10", "R$ 10"),
        ("Silva & Filhos", "Silva & Filhos"),
        ("P&D", "P&D"),
        ("https://x.example/?a=1&copy=2&para=3", "https://x.example/?a=1&copy=2&para=3"),
        ("a < b & c > d", "a < b & c > d"),
        ("<3", "<3"),
        ("Ana <ana@x.example>", "Ana <ana@x.example>"),
        ("&naosei; &", "&naosei; &"),
        ("duas\n\n\nlinhas  com   espaços", "duas\n\n\nlinhas  com   espaços"),
        ("<script>ran()</script>&amp;", "<script>ran()</script>&amp;"),
        ("&lt;script&gt;ran()&lt;/script&gt;", "<script>ran()</script>"),
        ("<img src=x onerror=ran()>", "<img src=x onerror=ran()>"),
        ("", ""),
    ],
)
def test_a_text_is_read_as_it_was_meant(stored: str, meant: str) -> None:
    assert meaning.prose(stored) == meant


def test_a_name_stays_in_one_line() -> None:
    assert meaning.line("Padaria<br>P&atilde;o") == "Padaria Pão"
    assert meaning.line("Ana  Maria") == "Ana  Maria"


@pytest.mark.parametrize(
    ("stored", "iso"),
    [
        ("2025-11-30", "2025-11-30"),
        ("2025-11-30 10:05:09", "2025-11-30 10:05:09"),
        ("2025-11-30 10:05", "2025-11-30 10:05:00"),
        ("2025-11-30T10:05:09.000Z", "2025-11-30 10:05:09"),
        ("30/11/2025", "2025-11-30"),
        ("30/11/2025 10:05", "2025-11-30 10:05:00"),
        (" 1/2/2025 ", "2025-02-01"),
        ("30-11-2025 10:05:09", "2025-11-30 10:05:09"),
        ("30.11.2025", "2025-11-30"),
        ("2025/11/30", "2025-11-30"),
        ("0000-00-00", ""),
        ("0000-00-00 00:00:00", ""),
        ("-0001-11-30", ""),
        ("-0001-11-30 00:00:00", ""),
        ("1899-11-30", ""),
        ("1899-12-30 00:00:00", ""),
        ("0001-01-01", ""),
        ("0001-01-01T00:00:00", ""),
        ("30/11/-0001", ""),
        ("30/11/-0001 00:00:00", ""),
        ("00/00/0000", ""),
        ("01/01/0001", ""),
        ("30/11/1899", ""),
        ("1900-01-01", ""),
        ("1970-01-01", ""),
        ("31/12/1969 21:00:00", ""),
        ("2025-11-00", ""),
        ("31/02/2025", ""),
        ("2025-02-30", ""),
        ("2025-11-30 25:00", ""),
        ("11/2025", ""),
        ("x", ""),
        ("", ""),
        ("20251130", ""),
        ("2025-11-30 ontem", ""),
    ],
)
def test_a_date_is_read_in_whatever_way_it_is_written_and_a_zero_in_disguise_is_none(
    stored: str, iso: str
) -> None:
    assert meaning.moment(stored) == iso


@pytest.mark.parametrize(
    ("stored", "decimal"),
    [
        ("99,90", "99.90"),
        ("1.299,90", "1299.90"),
        ("R$ 1.299,90", "1299.90"),
        ("R$\u00a01.299,90", "1299.90"),
        ("1299.90", "1299.90"),
        ("99.900000000", "99.900000000"),
        ("1,299.90", "1299.90"),
        ("1.299.900", "1299900"),
        ("12.345.678,90", "12345678.90"),
        ("1 299,90", "1299.90"),
        ("-5,00", "-5.00"),
        ("R$ -5", "-5"),
        ("0", "0"),
        ("99,", "99"),
        ("", ""),
        ("abc", ""),
        ("nan", ""),
        ("inf", ""),
        ("1e999", ""),
        ("99,90 reais", ""),
        ("٣", ""),
    ],
)
def test_an_amount_is_read_in_whatever_way_it_is_written(stored: str, decimal: str) -> None:
    assert meaning.amount(stored) == decimal


@given(st.text())
def test_whatever_stands_there_is_read(text: str) -> None:
    assert meaning.line(text) is not None
    assert meaning.moment(text) is not None
    float(meaning.amount(text) or 0)


@pytest.mark.parametrize(
    "piece", ["<p ", "<p '", '<p "', "&", "<", "<!--", "<style>", "&lt;", "<br>", "<a b=", "\n "]
)
def test_no_text_takes_long(piece: str) -> None:
    begun = time.process_time()
    meaning.prose(piece * 10_000 + "<b>")

    assert time.process_time() - begun < 3
