"""What happened with the clients of the cast: calls, notes and tasks, counted back and on from the day of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.ops.cast_dates import BASTIEN, CLAIRE, SAMIRA


@dataclass(frozen=True)
class Said:
    """An entry as it was typed. `contact` is an e-mail address; a task has a title, a day and somebody who has it."""

    company: str
    hours_ago: int
    by: str
    body: str
    kind: str = "note"
    contact: str = ""
    title: str = ""
    due_in: int = 0
    due_at: str = ""
    owner: str = ""
    priority: str = "normal"
    is_done: bool = False
    is_pinned: bool = False


_CANAL, _HELENE = "Brasserie du Canal", "helene.lefevre@brasserie-canal.example"
_CHOCOLATS, _BELLERIVE = "Fontanel Chocolats", "Hôtel Bellerive"

ACTIVITY: tuple[Said, ...] = (
    Said(
        _CANAL,
        2,
        SAMIRA,
        "Soirée des vingt ans\n\nSouhaite une **option sur Annecy** avant vendredi, pour 80 personnes.\n"
        "@Bastien Morel, peux-tu lui proposer deux dates ?",
        kind="call",
        contact=_HELENE,
    ),
    Said(
        _CANAL,
        26,
        BASTIEN,
        "",
        kind="task",
        title="Relancer pour l’acompte",
        due_in=-2,
        owner=BASTIEN,
        priority="high",
    ),
    Said(
        _CANAL,
        27,
        BASTIEN,
        "Deux salles, avec et sans hébergement.",
        kind="task",
        contact=_HELENE,
        title="Envoyer l’option pour Annecy",
        due_in=1,
        due_at="14:30",
        owner=BASTIEN,
    ),
    Said(_CANAL, 100, CLAIRE, "Fermeture annuelle du 23 décembre au 4 janvier."),
    Said(
        _CANAL,
        150,
        CLAIRE,
        "",
        kind="task",
        title="Vérifier le SIRET de l’entrepôt",
        due_in=-5,
        owner=CLAIRE,
        is_done=True,
    ),
    Said(
        _CANAL,
        4000,
        CLAIRE,
        "Les factures partent au cabinet Fabre :\n\n- le 25 de chaque mois\n- avec le bon de commande",
        is_pinned=True,
    ),
    Said(
        _BELLERIVE,
        5,
        SAMIRA,
        "Demande si la salle du lac est libre le second week-end de juin.",
        kind="call",
    ),
    Said(
        _BELLERIVE,
        6,
        SAMIRA,
        "",
        kind="task",
        title="Répondre pour la salle du lac",
        due_in=0,
        owner=SAMIRA,
    ),
    Said(
        _CHOCOLATS,
        50,
        BASTIEN,
        "Préfère être jointe par e-mail avant dix heures.",
        contact="achats@fontanel-chocolats.example",
    ),
    Said(
        _CHOCOLATS,
        52,
        BASTIEN,
        "",
        kind="task",
        title="Envoyer la convention signée",
        due_in=9,
        owner=CLAIRE,
    ),
    Said("Groupe Fontanel", 300, CLAIRE, "Yves Roche signe seul jusqu’à 20 000 €, au-delà Anne Fontanel."),
    Said(
        "Mairie de Saint-Aubin-sur-Mer",
        220,
        SAMIRA,
        "Paient à réception du mandat : compter trois semaines de plus.",
    ),
    Said(
        "Cinéma Le Rex",
        3200,
        SAMIRA,
        "Le numéro n’est plus attribué, le courrier revient : fermé.",
        kind="call",
    ),
)
