"""What made-up companies are made of: French names, trades, streets, and towns that exist."""

from __future__ import annotations

from functools import lru_cache

from backoffice.core.packaged import read_gzip_lines


def _split(words: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in words.split(","))


SURNAMES = _split(
    """Martin, Bernard, Thomas, Petit, Robert, Richard, Durand, Dubois, Moreau, Laurent, Simon, Michel, Lefèvre,
    Leroy, Roux, David, Bertrand, Morel, Fournier, Girard, Bonnet, Dupont, Lambert, Fontaine, Rousseau, Vincent,
    Müller, Faure, André, Mercier, Blanc, Guérin, Boyer, Garnier, Chevalier, François, Legrand, Gauthier, Garcia,
    Perrin, Robin, Clément, Morin, Nicolas, Henry, Roussel, Mathieu, Gautier, Masson, Marchand, Duval, Denis,
    Dumont, Marie, Lemaire, Noël, Meyer, Dufour, Meunier, Brun, Blanchard, Giraud, Joly, Rivière, Lucas, Brunet,
    Gaillard, Barbier, Arnaud, Martinez, Gérard, Roche, Renard, Schmitt, Roy, Leroux, Colin, Vidal, Caron, Picard,
    Roger, Fabre, Aubert, Lemoine, Renaud, Dumas, Lacroix, Olivier, Philippe, Bourgeois, Pierre, Benoît, Rey,
    Leclerc, Payet, Rolland, Leclercq, Guillaume, Lecomte, Lopez, Jean, Dupuy, Guillot, Hubert, Berger,
    Carpentier, Sanchez, Dupuis, Moulin, Louis, Deschamps, Huet, Vasseur, Perez, Boucher, Fleury, Royer, Klein,
    Jacquet, Adam, Paris, Poirier, Marty, Aubry, Guyot, Carré, Charles, Renault, Charpentier, Ménard, Maillard,
    Baron, Bertin, Bailly, Hervé, Schneider, Fernandez, Le Gall, Collet, Léger, Bouvier, Julien, Prévost, Millet,
    Perrot, Daniel, Le Roux, Cousin, Germain, Breton, Besson, Langlois, Rémy, Le Goff, Pelletier, Lévêque,
    Perrier, Leblanc, Barré, Lebrun, Marchal, Weber, Mallet, Hamon, Boulanger, Jacob, Monnier, Michaud, Rodriguez"""
)
WOMEN = _split(
    """Zoé, Hélène, Marie, Chloé, Anaïs, Camille, Léa, Inès, Agathe, Aurélie, Béatrice, Cécile, Delphine, Élise,
    Fatima, Gaëlle, Isabelle, Jeanne, Karine, Lucie, Manon, Nathalie, Océane, Pauline, Samira, Sophie, Valérie,
    Virginie, Yasmine, Maëlle"""
)
MEN = _split(
    """Émile, Jean, Luc, Noël, Rémi, Adrien, Bastien, Cédric, Didier, Éric, Farid, Gaël, Hugo, Jérôme, Karim,
    Loïc, Mathis, Nicolas, Olivier, Pascal, Quentin, Raphaël, Sébastien, Thierry, Victor, Yann, Jean-Marc,
    Benoît, François, Étienne"""
)
HEADS = _split(
    """Ateliers, Établissements, Maison, Groupe, Cabinet, Comptoir, Studio, Agence, Boulangerie, Garage,
    Imprimerie, Menuiserie, Traiteur, Transports, Pharmacie, Librairie, Scierie, Pépinières, Fonderie, Domaine,
    Château, Laboratoire, Entreprise, Serrurerie, Carrosserie, Brasserie, Fromagerie, Clinique, Hôtel, Théâtre"""
)
TRADES = _split(
    """Conseil, Industrie, Services, Développement, Distribution, Événements, Bâtiment, Énergie, Logistique,
    Informatique, Formation, Propreté, Sécurité, Santé, Agencement, Électricité, Plomberie, Paysages, Immobilier,
    Assurances, Communication, Ingénierie, Textile, Emballages, Mécanique, Équipements, Numérique, Restauration,
    Tourisme, Chauffage"""
)
LEGAL_FORMS = ("SARL", "SAS", "SARL", "SAS", "SA", "EURL", "SCOP", "SASU")
JOB_TITLES = _split(
    """Acheteur, Acheteuse, Directrice générale, Gérant, Gérante, Comptable, Responsable des achats, Assistante
    de direction, Chargé de communication, Responsable événementiel, Directeur administratif et financier,
    Secrétaire, Chef de projet, Responsable logistique, Office manager"""
)
MAILBOXES = ("contact", "accueil", "compta", "facturation", "commandes", "direction")
STREETS = _split(
    """rue de la République, avenue du Général-de-Gaulle, rue des Écoles, place de la Mairie, rue Victor-Hugo,
    boulevard Gambetta, rue du Moulin, chemin des Vignes, rue Pasteur, avenue Jean-Jaurès, rue de l’Église,
    impasse des Lilas, quai de la Fontaine, route de Paris, allée des Tilleuls, rue du 8-Mai-1945, rue Émile-Zola,
    zone artisanale des Prés, rue Jules-Ferry, cours Lafayette"""
)
MORE_STREET = ("Bâtiment B", "2e étage", "ZA Nord", "BP 12", "Escalier C", "Hall 3")
LABELS = ("Entrepôt", "Livraison", "Siège", "Agence", "Atelier", "Magasin", "Chantier")

OCCASIONS = _split(
    """Soirée annuelle, Séminaire de direction, Convention, Lancement de produit, Arbre de Noël, Assemblée générale,
    Journée de cohésion, Congrès, Inauguration, Dîner de gala, Salon professionnel, Vœux du personnel, Portes
    ouvertes, Anniversaire de la société, Voyage de fin d’année"""
)
PLACES = _split(
    """Pavillon Baltard, Château de la Muette, Palais des congrès, Domaine des Tilleuls, Salle Gaveau, Cité des
    sciences, Grand Hôtel, Halle Tony-Garnier, Docks de Seine, Moulin de l’Étang, Abbaye des Prés, Terrasse du port"""
)
NOTES = (
    "A demandé un devis pour une soirée de cent personnes.",
    "Fermeture annuelle les trois premières semaines d’août.",
    "Préfère être appelé **en fin de journée**.",
    "Changement de direction\n\nLa nouvelle équipe arrive en janvier ; reprendre contact ensuite.",
    "Satisfait de la dernière édition, veut garder le même lieu.",
    "Règle toujours à trente jours, sans relance.",
    "Compare avec une autre agence :\n\n- prix de la salle\n- traiteur compris",
    "N’a plus de budget cette année.",
    "Le plan d’accès est à renvoyer à tous les invités.",
    "Cherche un lieu près de la gare.",
)
TASKS = _split(
    """Relancer pour l’acompte, Envoyer le devis, Rappeler le client, Réserver la salle, Confirmer le traiteur,
    Préparer le contrat, Vérifier les menus, Demander la liste des invités, Envoyer la facture, Prendre rendez-vous"""
)

#: Where companies crowd: one in three is here.
LARGE_TOWNS = _split(
    """75001, 75002, 75008, 75009, 75010, 75011, 75012, 75013, 75015, 75016, 75017, 75018, 92400, 92100, 69001,
    69002, 69003, 69006, 69007, 13001, 13002, 13006, 13008, 59000, 59800, 44000, 44200, 33000, 33300, 31000,
    31300, 67000, 35000, 38000, 34000, 06000, 76000, 51100, 42000, 21000, 37000, 63000, 29200, 87000, 80000"""
)
#: Blocks that ARCEP keeps for fiction, and a mobile one that everybody takes for a dummy; four digits follow.
FICTION_PHONES = ("+3319900", "+3326191", "+3335301", "+3346571", "+3353649")
FICTION_MOBILE = "+3360000"

#: Country, town, postal code, telephone up to its last four digits, regime of VAT.
ABROAD = (
    ("BE", "Bruxelles", "1000", "+322555", "intracommunity"),
    ("BE", "Liège", "4000", "+324255", "intracommunity"),
    ("LU", "Luxembourg", "1009", "+352271", "intracommunity"),
    ("DE", "Köln", "50667", "+492211399", "intracommunity"),
    ("ES", "Barcelona", "08001", "+3493123", "intracommunity"),
    ("IT", "Torino", "10121", "+390115550", "intracommunity"),
    ("CH", "Genève", "1201", "+4122555", "export"),
    ("US", "New York", "10001", "+1212555", "export"),
)


@lru_cache(maxsize=1)
def postal_codes() -> tuple[str, ...]:
    """The postal codes of metropolitan France."""
    codes = (line.partition("\t")[0] for line in read_gzip_lines("towns.tsv.gz"))
    return tuple(code for code in codes if code < "97")
