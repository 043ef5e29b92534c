//! Countries and the states of federations, by their names and adjectives in six languages.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::fields::prose::Prose;
use crate::lexicon::folded;

/// Words of the longest name.
const WORDS_MAX: usize = 4;

/// English name, other names, adjectives; folded, `*` for up to two letters of inflection.
const PLACES: &[(&str, &str, &str)] = &[
    (
        "England and Wales",
        "england and wales|england und wales|angleterre et pays de galles|inglaterra y gales|england wales",
        "",
    ),
    (
        "England",
        "angleterre|inglaterra|inghilterra|engeland",
        "english|englisch*|anglais*|inglesa|ingles|inglese|engels*|angielski*",
    ),
    ("Scotland", "schottland|ecosse|escocia|scozia", "scots|scottish|schottisch*|ecossais"),
    ("Northern Ireland", "nordirland", ""),
    (
        "Ireland",
        "irland|irlande|irlanda|ierland",
        "irish|irisch*|irlandais*|irlandes|irlandesa|iers*",
    ),
    (
        "Germany",
        "federal republic of germany|deutschland|bundesrepublik deutschland|allemagne|alemania|germania|duitsland",
        "german|deutsch*|allemand|allemande|aleman|alemana|tedesca|tedesco|duits*|alema|alemao|niemiecki*",
    ),
    (
        "Austria",
        "osterreich|republik osterreich|autriche|oostenrijk",
        "austrian|osterreichisch*|autrichien|autrichienne|austriaca|austriaco|austriackie|austriackiego|oostenrijks*",
    ),
    (
        "Switzerland",
        "schweiz|schweizerische eidgenossenschaft|suisse|suiza|svizzera|zwitserland",
        "swiss|schweizer|schweizerisch*|suisse|suisses|suizo|suiza|svizzero|svizzera|svizzere|zwitsers*|szwajcarski*",
    ),
    ("Liechtenstein", "", "liechtensteinisch*"),
    (
        "France",
        "frankreich|francia|frankrijk|franca|francja",
        "french|franzosisch*|francais*|frances|francesa|francese|frans|franse|francuski*",
    ),
    ("Belgium", "belgien|belgique|belgica|belgio|belgie", "belgian|belgisch*|belge|belges|belga"),
    (
        "Netherlands",
        "niederlande|niederlanden|nederlanden|pays bas|paises bajos|paesi bassi|nederland",
        "dutch|niederlandisch*|neerlandais|neerlandesa|olandese|nederlands*|holandesa|holandes",
    ),
    (
        "Luxembourg",
        "luxemburg|luxemburgo|lussemburgo",
        "luxembourgeois|luxembourgeoise|luxemburgisch*",
    ),
    (
        "Spain",
        "spanien|espagne|espana|spagna|spanje",
        "spanish|spanisch*|espagnol*|espanol|espanola|espanolas|spagnola|spagnole|spaans*|espanhol|espanhola",
    ),
    (
        "Portugal",
        "portogallo|portugalia",
        "portuguese|portugais*|portugiesisch*|portuguesa|portuguesas|portugues|portoghese|portugees*",
    ),
    (
        "Italy",
        "italien|italie|italia",
        "italian|italienisch*|italien|italienne|italiana|italiano|italiane|italiani|italiaans*|wlosk*",
    ),
    (
        "Poland",
        "polen|pologne|polonia|polska|polski|polsce|rzeczpospolita polska|rzeczypospolitej polskiej",
        "polish|polnisch*|polonais*|pools*|polskie|polskiego|polskiemu|polskim",
    ),
    ("Denmark", "danemark|dinamarca|denemarken|danmark", "danish|danisch*|danois|dansk*"),
    ("Sweden", "schweden|suede|suecia|zweden|sverige", "swedish|schwedisch*|suedois|svensk*"),
    ("Norway", "norwegen|norvege|noruega|norge", "norwegian|norwegisch*|norsk*"),
    ("Finland", "finnland|finlande|suomen", "finnish|finnisch*|finsk*"),
    ("Iceland", "island|islande", "icelandic"),
    (
        "Czech Republic",
        "tschechien|tschechische republik|republique tcheque|czechia|ceske republiky",
        "czech|tschechisch*|ceskym",
    ),
    ("Slovakia", "slowakei", "slovak"),
    ("Hungary", "ungarn|hongrie|hungria", "hungarian|ungarisch*"),
    ("Romania", "rumanien|roumanie", "romanian"),
    ("Bulgaria", "bulgarien", "bulgarian"),
    ("Greece", "griechenland|grece|grecia", "greek|griechisch*"),
    ("Cyprus", "zypern|chypre|chipre", "cypriot"),
    ("Malta", "", "maltese"),
    ("Estonia", "estland", "estonian"),
    ("Latvia", "lettland", "latvian"),
    ("Lithuania", "litauen", "lithuanian"),
    ("Slovenia", "slowenien", "slovenian"),
    ("Croatia", "kroatien", "croatian"),
    ("Serbia", "serbien", "serbian"),
    ("Turkey", "turkei|turquie|turquia|turkiye", "turkish|turkisch*"),
    ("Ukraine", "", "ukrainian"),
    ("Russia", "russian federation|russland|russie|rusia", "russian|russisch*"),
    ("Monaco", "", "monegasque"),
    ("Jersey", "", ""),
    ("Guernsey", "", ""),
    ("Isle of Man", "", "manx"),
    ("Gibraltar", "", ""),
    (
        "United Kingdom",
        "great britain|vereinigtes konigreich|royaume uni|reino unido|regno unito",
        "british",
    ),
    (
        "United States",
        "united states of america|vereinigte staaten|etats unis|estados unidos",
        "american",
    ),
    ("Canada", "kanada", "canadian"),
    (
        "Mexico",
        "estados unidos mexicanos|mexique|mexiko|messico",
        "mexican|mexicana|mexicano|mexicain",
    ),
    ("Argentina", "argentinien|argentine", "argentine|argentina|argentino"),
    (
        "Brazil",
        "brasilien|bresil|brasil|brasile",
        "brazilian|brasilena|brasileira|brasileiro|brasileiras",
    ),
    ("Chile", "chili", "chilean|chilena|chileno"),
    ("Colombia", "kolumbien|colombie", "colombian|colombiana|colombiano"),
    ("Peru", "perou", "peruvian|peruana|peruano"),
    ("Uruguay", "", "uruguaya"),
    ("Ecuador", "", "ecuatoriana"),
    ("Panama", "", "panamanian|panamena"),
    ("Costa Rica", "", "costarricense"),
    ("Bermuda", "", ""),
    ("Cayman Islands", "", ""),
    ("British Virgin Islands", "", ""),
    ("Bahamas", "", ""),
    ("Singapore", "singapur|singapour|singapur", "singaporean"),
    ("Malaysia", "", "malaysian"),
    ("Hong Kong", "hong kong sar|hong kong special administrative region", ""),
    ("China", "peoples republic of china|volksrepublik china|chine", "chinese|chinesisch*|prc"),
    ("Taiwan", "", "taiwanese"),
    ("Japan", "japon|giappone", "japanese|japanisch*"),
    ("South Korea", "republic of korea|korea", "korean"),
    ("India", "indien|inde", "indian"),
    ("Pakistan", "", ""),
    ("Indonesia", "", "indonesian"),
    ("Thailand", "", "thai"),
    ("Vietnam", "", "vietnamese"),
    ("Philippines", "", "philippine"),
    ("Australia", "australien|australie", "australian"),
    ("New South Wales", "", ""),
    ("Victoria", "", ""),
    ("Queensland", "", ""),
    ("Western Australia", "", ""),
    ("South Australia", "", ""),
    ("Tasmania", "", ""),
    ("New Zealand", "neuseeland", ""),
    ("South Africa", "sudafrika|afrique du sud", "south african"),
    ("Nigeria", "", "nigerian"),
    ("Kenya", "", "kenyan"),
    ("Ghana", "", "ghanaian"),
    ("Angola", "", "angolan|angolana|angolano"),
    ("Mozambique", "mocambique", "mocambicana|mocambicano"),
    ("Egypt", "agypten|egypte", "egyptian"),
    ("Morocco", "marokko|maroc|marruecos", "moroccan|marocain"),
    ("Tunisia", "tunesien|tunisie", "tunisien"),
    ("Israel", "", "israeli"),
    ("United Arab Emirates", "uae|dubai|difc", "emirati"),
    ("Saudi Arabia", "", "saudi"),
    ("Qatar", "", "qatari"),
    ("Ontario", "", ""),
    ("Quebec", "", ""),
    ("British Columbia", "", ""),
    ("Alberta", "", ""),
    ("Manitoba", "", ""),
    ("Saskatchewan", "", ""),
    ("Nova Scotia", "", ""),
    ("New Brunswick", "", ""),
];

/// The states of America, with what else they are called.
const STATES: &[&str] = &[
    "Alabama",
    "Alaska",
    "Arizona",
    "Arkansas",
    "California",
    "Colorado",
    "Connecticut",
    "Delaware",
    "Florida",
    "Georgia",
    "Hawaii",
    "Idaho",
    "Illinois",
    "Indiana",
    "Iowa",
    "Kansas",
    "Kentucky",
    "Louisiana",
    "Maine",
    "Maryland",
    "Massachusetts",
    "Michigan",
    "Minnesota",
    "Mississippi",
    "Missouri",
    "Montana",
    "Nebraska",
    "Nevada",
    "New Hampshire",
    "New Jersey",
    "New Mexico",
    "New York",
    "North Carolina",
    "North Dakota",
    "Ohio",
    "Oklahoma",
    "Oregon",
    "Pennsylvania",
    "Rhode Island",
    "South Carolina",
    "South Dakota",
    "Tennessee",
    "Texas",
    "Utah",
    "Vermont",
    "Virginia",
    "Washington",
    "West Virginia",
    "Wisconsin",
    "Wyoming",
    "District of Columbia",
    "Puerto Rico",
];

struct Index {
    names: HashMap<String, &'static str>,
    adjectives: HashMap<String, &'static str>,
    stems: Vec<(&'static str, &'static str)>,
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index =
            Index { names: HashMap::new(), adjectives: HashMap::new(), stems: Vec::new() };
        let spread = |text: &str| text.split(' ').map(folded).collect::<Vec<_>>().join(" ");
        for state in STATES {
            index.names.insert(spread(state), state);
        }
        for (name, others, adjectives) in PLACES {
            index.names.insert(spread(name), name);
            for other in others.split('|').filter(|other| !other.is_empty()) {
                index.names.insert(other.to_owned(), name);
            }
            for adjective in adjectives.split('|').filter(|adjective| !adjective.is_empty()) {
                match adjective.strip_suffix('*') {
                    Some(stem) => index.stems.push((stem, name)),
                    None => {
                        index.adjectives.insert(adjective.to_owned(), name);
                    }
                }
            }
        }
        index
    })
}

/// A word without the article that French and Italian tie to it.
pub(super) fn bare(prose: &Prose<'_>, at: usize) -> String {
    let text = prose.text(at);
    match text.split_once(['\'', '’']) {
        Some((article, rest)) if article.chars().count() <= 4 && rest.chars().count() > 2 => {
            folded(rest)
        }
        _ => prose.fold(at).to_owned(),
    }
}

/// The place whose name begins at a word: where the name ends, and its English name.
pub(super) fn place_at(prose: &Prose<'_>, at: usize) -> Option<(usize, &'static str)> {
    let first = prose.text(at).chars().find(|c| c.is_alphabetic())?;
    let tied = prose.text(at).contains(['\'', '’']);
    if !first.is_uppercase() && !tied {
        return None;
    }
    let mut best = None;
    let mut name = bare(prose, at);
    for count in 1..=WORDS_MAX {
        // `Österreichs`
        let known = |name: &str| index().names.get(name).copied();
        let place = known(&name).or_else(|| name.strip_suffix('s').and_then(known));
        if let Some(place) = place {
            best = Some((at + count, place));
        }
        // A mark ends a name.
        if prose.text(at + count - 1).ends_with(['.', ',', ';', ')']) {
            break;
        }
        // The sign in `England & Wales` has no letters.
        if !prose.fold(at + count).is_empty() {
            name = format!("{name} {}", prose.fold(at + count));
        }
    }
    best
}

/// The place of an adjective, as in `deutsches Recht` and `English law`.
pub(super) fn adjective_at(prose: &Prose<'_>, at: usize) -> Option<&'static str> {
    let word = bare(prose, at);
    if let Some(place) = index().adjectives.get(&word) {
        return Some(place);
    }
    let inflected = |stem: &str| {
        word.strip_prefix(stem).is_some_and(|end| {
            matches!(end, "" | "e" | "es" | "em" | "en" | "er" | "a" | "ch" | "ego" | "emu" | "m")
        })
    };
    index().stems.iter().find(|(stem, _)| inflected(stem)).map(|(_, place)| *place)
}
