"""The forty clients of the cast. Parents stand before their subsidiaries."""

from __future__ import annotations

from backoffice.ops.cast import Company, Person, Place

CLIENTS: tuple[Company, ...] = (
    Company(
        "Brasserie du Canal",
        "The first client ever: all fields filled, three contacts, its invoices go to its accountants.",
        (
            Person("helene.lefevre@brasserie-canal.example", "Madame", "Hélène", "Lefèvre", "Directrice générale",
                   "01 99 00 10 01", "06 00 00 10 01", "01 99 00 10 00", "Recommandation"),
            Person("emile.noel@brasserie-canal.example", "Monsieur", "Émile", "Noël", "Chef de cuisine",
                   mobile_phone="06 00 00 10 02", source="Recommandation"),
            Person("compta@brasserie-canal.example", job_title="Comptabilité", switchboard_phone="01 99 00 10 00"),
        ),
        Place("14 quai de Valmy", "75010", "Paris", "Fond de cour"),
        Place("3 rue de Bretagne", "75003", "Paris", "Cabinet Fabre, 2e étage"),
        (Place("8 rue de l’Ourcq", "93500", "Pantin", label="Entrepôt"),),
        website="www.brasserie-canal.example", phone="01 99 00 10 00", siret="999 424 450 00016",
        vat_number="FR 64 999 424 450", ape_code="11.05Z", account_code="411BRASSERIE", payment_term="45 jours nets",
    ),
    Company(
        "Groupe Fontanel",
        "A holding: five of the clients below are its subsidiaries.",
        (
            Person("anne.fontanel@fontanel.example", "Madame", "Anne", "Fontanel", "Présidente", "04 65 71 20 01"),
            Person("yves.roche@fontanel.example", "Monsieur", "Yves", "Roche", "Directeur financier", "04 65 71 20 02"),
        ),
        Place("22 cours Lafayette", "69003", "Lyon"), website="fontanel.example", phone="04 65 71 20 00",
        siret="999 517 501 00014", vat_number="FR 51 999 517 501", ape_code="70.10Z", account_code="411FONTANEL",
        payment_term="30 jours fin de mois",
    ),
    Company(
        "Fontanel Chocolats", "A subsidiary that is billed at its parent's.",
        (Person("achats@fontanel-chocolats.example", "Madame", "Zoé", "Girard", "Acheteuse", source="Salon"),),
        Place("5 rue du Cacao", "26600", "Tain-l'Hermitage"),
        Place("22 cours Lafayette", "69003", "Lyon", "Groupe Fontanel, comptabilité"),
        parent="Groupe Fontanel", siret="999 094 949 00016", vat_number="FR 88 999 094 949", ape_code="10.82Z",
        account_code="411FONTANELCHO",
    ),
    Company(
        "Fontanel Emballages", "A subsidiary with two sites.",
        (Person("luc.moreau@fontanel-emballages.example", "Monsieur", "Luc", "Moreau", "Responsable logistique"),),
        Place("ZI des Chaînes", "42400", "Saint-Chamond"), None,
        (Place("2 quai Sud", "71000", "Mâcon", label="Dépôt Sud"), Place("9 rue Nord", "59800", "Lille", label="Dépôt Nord")),
        parent="Groupe Fontanel", siret="999 479 314 00018", vat_number="FR 47 999 479 314", ape_code="17.21A",
    ),
    Company(
        "Fontanel Logistique", "A subsidiary, inactive since it was sold; its contacts stayed.",
        (Person("quai@fontanel-logistique.example"),), Place("Port Édouard-Herriot", "69007", "Lyon"),
        parent="Groupe Fontanel", siret="999 665 102 00011", left="alone",
    ),
    Company(
        "Fontanel Suisse SA", "A subsidiary abroad, outside the EU.",
        (Person("beat.keller@fontanel.example", "Monsieur", "Beat", "Keller", "Directeur", "022 555 20 10"),),
        Place("Rue du Rhône 12", "1204", "Genève", country="CH"), parent="Groupe Fontanel", vat_number="CHE-999.123.455 TVA",
        vat_regime="export", phone="022 555 20 00",
    ),
    Company(
        "Glaces Fontanel", "A subsidiary of a subsidiary.",
        (Person("chloe.brun@glaces-fontanel.example", "Madame", "Chloé", "Brun", "Gérante"),),
        Place("1 place du Marché", "26000", "Valence"), parent="Fontanel Chocolats", siret="999 049 141 00016", vat_number="FR 16 999 049 141",
    ),
    Company(
        "Mairie de Saint-Aubin-sur-Mer", "A public body: pays late, and its contact is an office.",
        (Person("evenements@saint-aubin.example", job_title="Service culture et fêtes", source="Appel entrant"),),
        Place("Place de l’Hôtel-de-Ville", "14750", "Saint-Aubin-sur-Mer"), type="Organisme public",
        siret="999 568 389 00038", ape_code="84.11Z", payment_term="30 jours nets", phone="02 61 91 30 00",
    ),
    Company(
        "Les Amis du Vieux Moulin", "An association: no identifiers at all, no telephone.",
        (Person("jeanne.roux@vieux-moulin.example", "Madame", "Jeanne", "Roux", "Trésorière", source="Site web"),),
        Place("Lieu-dit Le Moulin", "29910", "Trégunc"), type="Association",
    ),
    Company(
        "Œuvres d’Été — Île-de-France", "A name that only folding finds: ligature, accents, dash, apostrophe.",
        (Person("agnes@oeuvres-ete.example", "Madame", "Agnès", "Çelik", "Chargée de mission", source="Réseaux sociaux"),),
        Place("7 rue des Écoles", "94200", "Ivry-sur-Seine"), type="Association", siret="999 091 564 00016",
    ),
    Company(
        "Société coopérative d’intérêt collectif pour la valorisation des savoir-faire artisanaux, agricoles et "
        "alimentaires des hautes vallées de la Maurienne, de la Tarentaise et du Beaufortain",
        "A name so long that every screen must break or cut it.",
        (
            Person("marie-antoinette.de-la-rochefoucauld-montbel@cooperative-des-hautes-vallees.example", "Madame",
                   "Marie-Antoinette", "de La Rochefoucauld-Montbel",
                   "Responsable du développement des partenariats institutionnels et de la communication"),
        ),
        Place("1284 route départementale du col de la Madeleine, hameau de Celliers-Dessus", "73260", "La Léchère",
              "Ancienne école communale, premier étage, porte de droite"), siret="999 118 896 00037", vat_number="FR 52 999 118 896",
    ),
    Company(
        "Ô", "The shortest name there is.", (Person("o@o-traiteur.example", source="Salon"),),
        Place("2 rue Ô", "33000", "Bordeaux"), phone="05 36 49 12 00",
    ),
    Company(
        "Dupont & Fils", "One of two Dupont, for the list of near names.",
        (Person("paul.dupont@dupont-fils.example", "Monsieur", "Paul", "Dupont", "Gérant", mobile_phone="06 00 00 13 01"),),
        Place("31 rue Victor-Hugo", "37000", "Tours"), siret="999 077 472 00010", vat_number="FR 37 999 077 472",
        account_code="411DUPONT",
    ),
    Company(
        "DUPONT ET FILS SARL", "The other Dupont, perhaps the same; same account, which warns.",
        (Person("contact@dupontetfils.example", "Monsieur", "Paul", "Dupond"),),
        Place("31 rue Victor Hugo", "37000", "TOURS"), account_code="411DUPONT", type="Prospect",
    ),
    Company(
        "Transports Le Goff", "Knows its SIREN and not its SIRET.",
        (Person("yann.legoff@legoff.example", "Monsieur", "Yann", "Le Goff", "Gérant", "02 61 91 15 01"),),
        Place("Zone de Kergaradec", "29850", "Gouesnou"), siren="999 292 600", vat_number="FR 80 999 292 600",
        ape_code="49.41A", payment_term="30 jours fin de mois le 10",
    ),
    Company(
        "Hôtel Bellerive", "Six contacts, two of whom have left.",
        (
            Person("direction@bellerive.example", "Madame", "Inès", "Garnier", "Directrice", "04 65 71 16 01"),
            Person("mariages@bellerive.example", "Madame", "Sophie", "Blanc", "Banquets et mariages"),
            Person("seminaires@bellerive.example", "Monsieur", "Hugo", "Colin", "Séminaires"),
            Person("reception@bellerive.example", job_title="Réception", switchboard_phone="04 65 71 16 00"),
            Person("ancien.directeur@bellerive.example", "Monsieur", "Guy", "Renard", "Directeur", is_active=False),
            Person("stage@bellerive.example", "Madame", "Léa", "Petit", "Stagiaire", is_active=False),
        ),
        Place("4 quai d’Annecy", "74000", "Annecy"), phone="04 65 71 16 00", siret="999 756 422 00039", vat_number="FR 81 999 756 422",
        website="https://bellerive.example/seminaires", ape_code="55.10Z", payment_term="À réception",
    ),
    Company(
        "Rhums Bellemare", "Martinique: an overseas number typed the national way.",
        (Person("contact@rhums-bellemare.example", "Monsieur", "Raphaël", "Bellemare", "Gérant", "0596 60 12 34"),),
        Place("Habitation Bellemare", "97231", "Le Robert", country="MQ"), phone="0596 60 12 00",
        siret="999 064 991 00014", vat_number="FR 36 999 064 991", ape_code="11.01Z",
    ),
    Company(
        "Vanille Bourbon Payet", "Réunion: sold to as an export, told apart by its prefix.",
        (Person("lydie.payet@vanille-payet.example", "Madame", "Lydie", "Payet", "Gérante", mobile_phone="0692 12 34 56"),),
        Place("18 chemin Vanille", "97412", "Bras-Panon", country="RE"), phone="0262 20 12 34",
        siret="999 061 054 00014", vat_regime="export",
    ),
    Company(
        "Pêcheries de Miquelon", "Saint-Pierre-et-Miquelon: a postal code of its own and few lines.",
        (Person("quai@pecheries-miquelon.example", "Monsieur", "Alain", "Detcheverry"),),
        Place("Rue Borotra", "97500", "Saint-Pierre", country="PM"), type="Prospect", vat_regime="export",
    ),
    Company(
        "Chocolaterie Janssens", "Belgium: intracommunity, with a number that is valid.",
        (Person("an.janssens@janssens.example", "Madame", "An", "Janssens", "Zaakvoerder", "02 555 21 01"),),
        Place("Nieuwstraat 12", "1000", "Bruxelles", country="BE"), language="Néerlandais", phone="02 555 21 00",
        vat_number="BE 0999 123 457", vat_regime="intracommunity",
    ),
    Company(
        "Brauhaus Lindenthal GmbH", "Germany: writes in German, ß in its street.",
        (Person("j.weiss@lindenthal.example", "Monsieur", "Jürgen", "Weiß", "Einkauf", "0221 139 9100"),),
        Place("Dürener Straße 80", "50931", "Köln", country="DE"), language="Allemand", vat_number="DE 999123455",
        vat_regime="intracommunity", payment_term="30 jours nets",
    ),
    Company(
        "Luxevent S.à r.l.", "Luxembourg.",
        (Person("marc.weber@luxevent.example", "Monsieur", "Marc", "Weber", source="Partenaire"),),
        Place("12 rue de Hollerich", "1740", "Luxembourg", country="LU"), vat_number="LU 999 123 09",
        vat_regime="intracommunity", type="Partenaire",
    ),
    Company(
        "Torrefazione Bianchi", "Italy: intracommunity without a number yet, which warns.",
        (Person("giulia@bianchi.example", "Madame", "Giulia", "Bianchi"),),
        Place("Via Po 4", "10124", "Torino", country="IT"), language="Italien", vat_regime="intracommunity",
    ),
    Company(
        "Hudson Events, Inc.", "United States: a state before the code, English, export.",
        (Person("dan.miller@hudson.example", "Monsieur", "Dan", "Miller", "Producer", "(212) 555-0123"),),
        Place("350 Fifth Avenue", "10118", "New York, NY", "Suite 3200", "US"), language="Anglais", vat_regime="export",
        website="https://www.hudson.example/events", phone="(212) 555-0100",
    ),
    Company(
        "Casino de Monaco Événements", "Monaco: French postal area and VAT, no SIREN.",
        (Person("prestige@casino-mc.example", "Madame", "Grâce", "Ferrari", source="Prospection"),),
        Place("Place du Casino", "98000", "Monaco", country="MC"), vat_number="FR 53 000 004 605",
    ),
    Company(
        "Librairie des Abbesses", "Inactive, and its two contacts went along.",
        (
            Person("victor.henry@abbesses.example", "Monsieur", "Victor", "Henry", "Libraire"),
            Person("commandes@abbesses.example"),
        ),
        Place("30 rue Yvonne-Le-Tac", "75018", "Paris"), siret="999 379 597 00035", left="with contacts",
    ),
    Company(
        "Cinéma Le Rex", "Inactive with its contacts, one of whom had left before.",
        (
            Person("programmation@le-rex.example", "Madame", "Manon", "Joly", "Programmatrice"),
            Person("projection@le-rex.example", "Monsieur", "René", "Joly", "Projectionniste", is_active=False),
        ),
        Place("12 rue des Carmes", "09000", "Foix"), siret="999 189 079 00018", left="with contacts",
    ),
    Company(
        "Salle des fêtes de Brou", "Inactive by itself; nothing known but a name and a mailbox.",
        (Person("salle@brou.example"),), type="Organisme public", left="alone",
    ),
    Company(
        "Prospect du salon", "Met at a fair: a half address, which warns.",
        (Person("j.perrin@salon-perrin.example", last_name="Perrin", source="Salon"),),
        Place(city="Metz"), type="Prospect",
    ),
    Company(
        "Clinique Pasteur-Vauban", "A doctor and a professor; two short numbers.",
        (
            Person("pr.aubry@vauban.example", "Professeur", "Delphine", "Aubry", "Cheffe de pôle", "03 53 01 17 01"),
            Person("dr.masson@vauban.example", "Docteur", "Éric", "Masson", "Radiologue", switchboard_phone="3639"),
        ),
        Place("1 rue Vauban", "67000", "Strasbourg"), phone="03 53 01 17 00 poste 12", siret="999 748 304 00022",
        ape_code="86.10Z", payment_term="60 jours nets",
    ),
    Company(
        "Étude Maître Carré", "A notary.",
        (Person("etude@carre-notaire.example", "Maître", "Bénédicte", "Carré", "Notaire"),),
        Place("6 place Stanislas", "54000", "Nancy"), siret="999 734 346 00011", vat_number="FR 07 999 734 346", ape_code="69.10Z",
    ),
    Company(
        "Domaine de la Combe", "A vineyard, by the VAT number alone.",
        (Person("cave@domaine-combe.example", "Monsieur", "Benoît", "Vidal", "Vigneron", mobile_phone="06 00 00 18 01"),),
        Place("Route des Vins", "84190", "Gigondas"), siren="999 135 072", vat_number="FR80999135072", ape_code="01.21Z",
    ),
    Company(
        "A.D.R. Sonorisation", "Initials with dots: found as adr.",
        (Person("karim@adr-son.example", "Monsieur", "Karim", "Benali", "Ingénieur du son", source="Recommandation"),),
        Place("44 avenue Jean-Jaurès", "69007", "Lyon"), type="Partenaire", siret="999 488 109 00011",
        vat_number="FR 48 999 488 109", account_code="411ADR",
    ),
    Company(
        "L’Orangerie", "An apostrophe at the beginning of the name, and Evian without its accent.",
        (Person("accueil@orangerie.example", "Madame", "Aurélie", "Millet", "Gérante"),),
        Place("Parc thermal", "74500", "Evian les Bains"), siret="999 717 937 00018", vat_number="FR 56 999 717 937", phone="04 65 71 19 00",
    ),
    Company(
        "Menuiserie Perrot", "One person for everything, no telephone at a desk.",
        (Person("perrot.menuiserie@menuiserie-perrot.example", "Monsieur", "Loïc", "Perrot", mobile_phone="06 00 00 20 01"),),
        Place("ZA du Pré", "35500", "Vitré"), siret="999 739 725 00011", vat_number="FR 42 999 739 725", ape_code="43.32A",
    ),
    Company(
        "Festival des Deux Rives", "CEDEX: a code that no list of towns holds.",
        (Person("production@deux-rives.example", "Madame", "Camille", "Rey", "Directrice de production"),),
        Place("BP 80412", "44004", "Nantes Cedex 1"), type="Association", siret="999 811 342 00016",
    ),
    Company(
        "Cabinet Fabre & Associés", "The accountants to whom others' invoices go.",
        (Person("fabre@cabinet-fabre.example", "Monsieur", "Didier", "Fabre", "Expert-comptable", source="Partenaire"),),
        Place("3 rue de Bretagne", "75003", "Paris", "2e étage"), type="Partenaire", siret="999 650 666 00038",
        vat_number="FR 03 999 650 666", ape_code="69.20Z", account_code="411FABRE",
    ),
    Company(
        "Énergies Renouvelables du Grand Ouest", "Negotiated the longest term there may be: end of month, then 45 days.",
        (Person("achats@er-go.example", "Madame", "Gaëlle", "Hamon", "Responsable des achats", source="Prospection"),),
        Place("19 rue du Vent", "85000", "La Roche-sur-Yon"), siret="999 411 754 00032", vat_number="FR 00 999 411 754",
        ape_code="35.11Z", payment_term="Fin de mois puis 45 jours",
    ),
    Company(
        "Studio Kim", "A name with marks that French has not; pays on receipt.",
        (Person("minh.nguyen@studio-kim.example", "Monsieur", "Minh", "Nguyễn", "Photographe", source="Réseaux sociaux"),),
        Place("11 rue Oberkampf", "75011", "Paris"), siret="999 767 502 00035", payment_term="À réception",
    ),
    Company(
        "Zénith de Limoges", "The last of the list, and a large house: fifteen contacts, two of them gone.",
        (
            Person("regie@zenith-limoges.example", "Monsieur", "Thierry", "Lagrange", "Régisseur général", source="Site web"),
            Person("direction@zenith-limoges.example", "Madame", "Odile", "Fayolle", "Directrice"),
            Person("programmation@zenith-limoges.example", "Madame", "Sarah", "Lavergne", "Programmatrice"),
            Person("technique@zenith-limoges.example", "Monsieur", "Samuel", "Dumas", "Directeur technique"),
            Person("lumiere@zenith-limoges.example", "Madame", "Élise", "Bonnet", "Éclairagiste"),
            Person("son@zenith-limoges.example", "Monsieur", "Antoine", "Mazet", "Ingénieur du son"),
            Person("plateau@zenith-limoges.example", "Monsieur", "Idriss", "Konaté", "Chef de plateau"),
            Person("securite@zenith-limoges.example", "Monsieur", "Pascal", "Roux", "Responsable de la sécurité"),
            Person("accueil@zenith-limoges.example", job_title="Accueil"),
            Person("billetterie@zenith-limoges.example", "Madame", "Nadia", "Cherif", "Billetterie"),
            Person("communication@zenith-limoges.example", "Madame", "Julie", "Marchand", "Communication"),
            Person("comptabilite@zenith-limoges.example", "Madame", "Monique", "Teyssier", "Comptable"),
            Person("bar@zenith-limoges.example", "Monsieur", "Kévin", "Delage", "Bar et restauration"),
            Person("ancienne.direction@zenith-limoges.example", "Monsieur", "Henri", "Vialle", "Directeur", is_active=False),
            Person("stage@zenith-limoges.example", "Madame", "Lucie", "Barret", "Stagiaire", is_active=False),
        ),
        Place("16 avenue Jean-Monnet", "87000", "Limoges"), siret="999 473 937 00020", vat_number="FR 18 999 473 937",
        ape_code="90.04Z", account_code="411ZENITH", payment_term="45 jours puis fin de mois",
    ),
)  # fmt: skip
