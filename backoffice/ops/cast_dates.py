"""When the clients of the cast came, and who entered them: a year of the agency, counted back from the day of the demo.

It begins slowly, fills up in its spring and again before the last season, and rests in between.
"""

from __future__ import annotations

from dataclasses import dataclass

CLAIRE, BASTIEN, SAMIRA = "Claire Vasseur", "Bastien Morel", "Samira Haddad"


@dataclass(frozen=True)
class Entered:
    """How many days ago a client was created and by whom; the same of its deactivation, where there was one."""

    days_ago: int
    by: str = BASTIEN
    left_days_ago: int = 0
    left_by: str = ""


ENTERED: dict[str, Entered] = {
    "Brasserie du Canal": Entered(330, CLAIRE),
    "Groupe Fontanel": Entered(319, CLAIRE),
    "Cabinet Fabre & Associés": Entered(308, CLAIRE),
    "Fontanel Logistique": Entered(296, CLAIRE, 47, BASTIEN),
    "Fontanel Chocolats": Entered(285),
    "Fontanel Emballages": Entered(277),
    "Librairie des Abbesses": Entered(267, CLAIRE, 96, SAMIRA),
    "Cinéma Le Rex": Entered(259, BASTIEN, 131, SAMIRA),
    "Hôtel Bellerive": Entered(252),
    "Mairie de Saint-Aubin-sur-Mer": Entered(246),
    "Salle des fêtes de Brou": Entered(239, CLAIRE, 12, CLAIRE),
    "Les Amis du Vieux Moulin": Entered(234),
    "Dupont & Fils": Entered(229, CLAIRE),
    "Transports Le Goff": Entered(224),
    "Chocolaterie Janssens": Entered(219),
    "Étude Maître Carré": Entered(215),
    "Rhums Bellemare": Entered(209),
    "Glaces Fontanel": Entered(203),
    "A.D.R. Sonorisation": Entered(196, CLAIRE),
    "Clinique Pasteur-Vauban": Entered(190),
    "Domaine de la Combe": Entered(185),
    "Œuvres d’Été — Île-de-France": Entered(178),
    "Fontanel Suisse SA": Entered(170),
    "Brauhaus Lindenthal GmbH": Entered(162, CLAIRE),
    "Menuiserie Perrot": Entered(155),
    "L’Orangerie": Entered(143),
    "Studio Kim": Entered(128, CLAIRE),
    "Casino de Monaco Événements": Entered(104),
    "Vanille Bourbon Payet": Entered(86),
    "Énergies Renouvelables du Grand Ouest": Entered(79, CLAIRE),
    "Zénith de Limoges": Entered(70),
    "Luxevent S.à r.l.": Entered(63),
    "Festival des Deux Rives": Entered(57),
    "Hudson Events, Inc.": Entered(51, CLAIRE),
    "Société coopérative d’intérêt collectif pour la valorisation des savoir-faire artisanaux, agricoles et "
    "alimentaires des hautes vallées de la Maurienne, de la Tarentaise et du Beaufortain": Entered(44),
    "Ô": Entered(38),
    "Pêcheries de Miquelon": Entered(33),
    "Torrefazione Bianchi": Entered(20),
    "DUPONT ET FILS SARL": Entered(9),
    "Prospect du salon": Entered(2),
}
