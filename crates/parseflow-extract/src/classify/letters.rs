//! How letters greet and close, in the languages of the lists.

use crate::lexicon::folded;

const GREETINGS: &[&str] = &[
    "aquien",
    "ilmosrs",
    "ilmasra",
    "alaattenzione",
    "hoggeehrt",
    "dear",
    "sehrgeehrt",
    "towhom",
    "estimad",
    "szanown",
    "geachte",
    "egregi",
    "gentilissim",
    "exmo",
    "exma",
    "prezad",
    "vazen",
    "arvoisa",
    "muysenor",
    "distinguid",
    "apreciad",
    "chermonsieur",
    "cheremadame",
    "madamemonsieur",
    "hochgeehrt",
];
/// Such words greet only where a comma follows.
const FAMILIAR: &[&str] = &[
    "liebe",
    "hallo",
    "gutentag",
    "guten",
    "gruezi",
    "madame",
    "monsieur",
    "mesdames",
    "messieurs",
    "cher",
    "bonjour",
    "querid",
    "hola",
    "gentile",
    "caro",
    "cara",
    "spettabile",
    "beste",
    "hej",
    "basta",
    "kaere",
    "kjaere",
    "hei",
    "hyva",
    "mil",
    "dobryden",
    "hello",
    "hi",
    "senhor",
    "ola",
    "drog",
    "buongiorno",
    "goededag",
];

/// `Dear Ms Lowe,`, `Sehr geehrte Damen und Herren`: a short row that greets.
pub(super) fn is_greeting(text: &str) -> bool {
    const LONGEST: usize = 8;
    let text = text.trim();
    let fold = folded(text);
    let has_comma = text.ends_with([',', ':', '!']);
    let begins = |words: &[&str]| words.iter().any(|word| fold.starts_with(word));
    text.split_whitespace().count() <= LONGEST
        && !text.bytes().any(|byte| byte.is_ascii_digit())
        && (begins(GREETINGS) || has_comma && begins(FAMILIAR))
}

const CLOSINGS: &[&str] = &[
    "mitfreundlich",
    "freundlichegru",
    "mitbestengru",
    "bestegrusse",
    "vielegrusse",
    "herzlichegru",
    "hochachtungsvoll",
    "yourssincerely",
    "yoursfaithfully",
    "yourstruly",
    "sincerely",
    "kindregards",
    "bestregards",
    "warmregards",
    "regards",
    "respectfully",
    "bestwishes",
    "withbestwishes",
    "withkindregards",
    "atentamente",
    "uncordialsaludo",
    "saludos",
    "lesaluda",
    "cordialisaluti",
    "distintisaluti",
    "cordialmente",
    "infede",
    "cordialement",
    "bienavous",
    "sinceressalutations",
    "metvriendelijke",
    "hoogachtend",
    "zpowazaniem",
    "zwyrazami",
    "melhorescumprimentos",
    "osmelhorescumprimentos",
    "comosmelhores",
    "atenciosamente",
    "cumprimentos",
    "medvanlig",
    "vanligahalsningar",
    "medvenlig",
    "venlighilsen",
    "vennlighilsen",
    "medvennlig",
    "ystavallisin",
    "terveisin",
    "spozdravem",
    "suctou",
];

/// `Yours faithfully`, `Mit freundlichen Grüßen`, and the sentence in which French letters end.
pub(super) fn is_closing(text: &str) -> bool {
    const LONGEST: usize = 7;
    let fold = folded(text);
    let is_short = text.split_whitespace().count() <= LONGEST;
    is_short && CLOSINGS.iter().any(|word| fold.starts_with(word))
        || fold.contains("salutationsdistinguees")
        || fold.contains("sinceressalutations")
        || fold.contains("sentimentsdistingues")
        || fold.contains("meilleuressalutations")
}
