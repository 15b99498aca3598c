"""CPF and CNPJ with their check digits, the alphanumeric CNPJ included.

Computed here, so that no mistake is shared.
"""

import random
import string

_ALPHANUMERIC = string.digits + string.ascii_uppercase


def cpf(stem: str) -> str:
    """The CPF that begins with these nine digits, masked."""
    digits = stem
    for length in (9, 10):
        total = sum(
            int(digit) * weight
            for digit, weight in zip(digits, range(length + 1, 1, -1), strict=True)
        )
        digits += str(total * 10 % 11 % 10)
    return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"


def cnpj(stem: str) -> str:
    """The CNPJ that begins with these twelve characters (digits, or capitals too), masked."""
    whole = stem
    for _ in range(2):
        weights = [2 + place % 8 for place in range(len(whole))][::-1]
        rest = (
            sum((ord(char) - 48) * weight for char, weight in zip(whole, weights, strict=True)) % 11
        )
        whole += str(0 if rest < 2 else 11 - rest)  # the rule's own number
    return f"{whole[:2]}.{whole[2:5]}.{whole[5:8]}/{whole[8:12]}-{whole[12:]}"


def any_cpf(chance: random.Random) -> str:
    return cpf("".join(chance.choices(string.digits, k=9)))


def any_cnpj(chance: random.Random, *, letters: bool) -> str:
    stem = "".join(chance.choices(_ALPHANUMERIC if letters else string.digits, k=8))
    return cnpj(stem + ("01DE" if letters else "0001"))


def bare(document: str) -> str:
    """The document without its mask."""
    return "".join(char for char in document if char.isalnum())
