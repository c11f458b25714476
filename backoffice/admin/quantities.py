"""Days and numbers in forms, typed and shown the French way."""

from __future__ import annotations

import datetime
import decimal
import re

from flask_babel import lazy_gettext as _

from backoffice.admin.fields import TextField

#: Not what `int` and `Decimal` take: NaN, 1e999 and the digits of other scripts are no numbers that people type.
_DECIMAL = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,9})?")
_WHOLE = re.compile(r"-?[0-9]{1,8}")


class DateField(TextField):
    """A day, typed `31/12/2026` or `2026-12-31`, shown the French way."""

    looks = "date"

    def _shown(self) -> str:
        return self._stored.strftime("%d/%m/%Y") if isinstance(self._stored, datetime.date) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, str):
            typed, self.data = self.data, None  # text that is no day must not reach the record
            self.data = read_day(typed)


class DecimalField(TextField):
    """A number typed the French way (`1 234,56`) or with a point."""

    def _shown(self) -> str:
        return str(self._stored).replace(".", ",") if self._stored is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, str):
            number, self.data = "".join(self.data.split()).replace(",", "."), None
            if not _DECIMAL.fullmatch(number):
                _refuse_too_large(number, 15)
                raise ValueError(str(_("Ce n'est pas un nombre : écrivez par exemple 1 234,56.")))
            self.data = decimal.Decimal(number)


class NumberField(TextField):
    """A whole number, which may be typed in groups (`1 000`)."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, str):
            typed, self.data = "".join(self.data.split()), None
            if not _WHOLE.fullmatch(typed):
                _refuse_too_large(typed, 8)
                raise ValueError(str(_("Ce n'est pas un nombre entier : écrivez par exemple 30.")))
            self.data = int(typed)


def _refuse_too_large(typed: str, most: int) -> None:
    """A number with more digits than are taken is one all the same: the sentence says what is wrong with it."""
    if re.fullmatch(rf"\+?[0-9]{{{most + 1},}}(\.[0-9]+)?", typed, re.ASCII):
        raise ValueError(str(_("Ce nombre est trop grand : vérifiez les chiffres.")))


def read_day(typed: str) -> datetime.date:
    """The day that was typed, French or ISO. Raises ValueError with a French sentence."""
    french = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", typed.strip())
    try:
        if french:
            return datetime.date(int(french[3]), int(french[2]), int(french[1]))
        return datetime.date.fromisoformat(typed.strip())
    except ValueError:
        pass
    raise ValueError(str(_("Ce n'est pas une date : écrivez par exemple 31/12/2026.")))
