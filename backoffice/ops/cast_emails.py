"""E-mails between Atelier Belleville and the clients of the cast, counted back from the day of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.ops.cast_dates import BASTIEN, SAMIRA


@dataclass(frozen=True)
class Mailed:
    """An e-mail: sent by a colleague to a contact, or received from them and kept by that colleague."""

    company: str
    hours_ago: int
    by: str
    contact: str
    subject: str
    body: str
    is_received: bool = False
    #: Of a received one the name and the text of a file that came with it.
    file: tuple[str, str] = ("", "")


_CANAL, _HELENE = "Brasserie du Canal", "helene.lefevre@brasserie-canal.example"

EMAILS: tuple[Mailed, ...] = (
    Mailed(
        _CANAL,
        23,
        BASTIEN,
        _HELENE,
        "Votre soirée des vingt ans",
        "Bonjour {civilité} {nom},\n\nDeux salles vous attendent à Annecy, avec et sans hébergement. Laquelle vous "
        "tente ?\n\nBien à vous,\n{expéditeur}",
    ),
    Mailed(
        _CANAL,
        21,
        SAMIRA,
        _HELENE,
        "Re: Votre soirée des vingt ans",
        "Bonjour,\n\nPlutôt celle avec hébergement : la moitié de l’équipe restera dormir.\n"
        "Je vous joins la liste des plats à éviter.\n\nHélène Lefèvre",
        is_received=True,
        file=("allergies.txt", "Arachides : 2 personnes\nGluten : 1 personne\n"),
    ),
    Mailed(
        "Hudson Events, Inc.",
        75,
        BASTIEN,
        "dan.miller@hudson.example",
        "Your evening in Paris",
        "Hello {prénom},\n\nThe barge is yours on the evening you named. Shall we speak on Thursday?\n\n"
        "Best regards,\n{expéditeur}",
    ),
)
