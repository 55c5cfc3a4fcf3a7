//! A capture file, as `tests/captures/README.md` describes it.

use std::path::Path;

use percent_encoding::percent_decode_str;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Capture {
    pub(crate) op: String,
    pub(crate) case: String,
    pub(crate) inputs: Inputs,
    pub(crate) signing: Texts,
    pub(crate) requests: Vec<Sent>,
}

#[derive(Deserialize)]
pub(crate) struct Inputs {
    pub(crate) ak: String,
    pub(crate) sk: String,
    pub(crate) security_token: Option<String>,
    pub(crate) date: jiff::Timestamp,
    pub(crate) nonce: Option<String>,
}

/// What the SDK signed, in the two forms on the way to a signature; empty where it signed nothing.
#[derive(Deserialize, Debug, Default, PartialEq)]
#[serde(default)]
pub(crate) struct Texts {
    pub(crate) algorithm: String,
    /// Of some requests, only the text that was signed is known.
    pub(crate) canonical_request: Option<String>,
    pub(crate) string_to_sign: String,
}

#[derive(Deserialize)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) raw_target: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) minimal: Option<Minimal>,
    response_sent: Answer,
}

/// The answer to a request.
#[derive(Deserialize)]
struct Answer {
    body: String,
}

/// The key that signed a request.
pub(crate) struct Key {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) token: Option<String>,
}

/// The same request signed with no more headers than the documentation asks for.
#[derive(Deserialize)]
pub(crate) struct Minimal {
    pub(crate) authorization: String,
}

impl Capture {
    /// Reads every capture of the repository.
    pub(crate) fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let captures = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
        captures
            .map(|path| {
                let text = std::fs::read_to_string(&path).unwrap();
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
            })
            .collect()
    }

    /// Names the capture in a failed assertion.
    pub(crate) fn name(&self) -> String {
        format!("{}--{}", self.op, self.case)
    }

    /// Finds the key that signed a request: the capture's own, or one that an earlier answer brought.
    pub(crate) fn key(&self, sent: &Sent) -> Key {
        let authorization = sent.header("authorization").unwrap_or_default();
        let of_header = |field| authorization.split([' ', ',']).find_map(|part: &str| part.strip_prefix(field));
        let of_query = || sent.query().into_iter().find(|(name, _)| name == "AccessKeyId").map(|(_, id)| id);
        let id = of_header("Access=").map(str::to_owned).or_else(of_query);
        match id.filter(|id| *id != self.inputs.ak) {
            Some(id) => self.requests.iter().find_map(|earlier| earlier.response_sent.key(&id)).unwrap(),
            None => Key {
                id: self.inputs.ak.clone(),
                secret: self.inputs.sk.clone(),
                token: self.inputs.security_token.clone(),
            },
        }
    }

    /// Pairs the signed requests with the texts that were signed, which are known of the last request only.
    pub(crate) fn signed(&self) -> impl Iterator<Item = (&Sent, Option<&Texts>)> {
        let last = self.requests.len() - 1;
        let numbered = self.requests.iter().enumerate();
        numbered.filter(|(_, sent)| sent.is_signed()).map(move |(n, sent)| (sent, (n == last).then_some(&self.signing)))
    }
}

impl Answer {
    /// Returns the key of this id, if the answer brought it.
    fn key(&self, id: &str) -> Option<Key> {
        let answer: serde_json::Value = serde_json::from_str(&self.body).ok()?;
        let keys = ["credential", "credentials", "Credentials"].iter().find_map(|name| answer.get(*name))?;
        let field = |names: [&str; 3]| names.iter().find_map(|name| Some(keys.get(*name)?.as_str()?.to_owned()));
        let found = field(["access", "access_key_id", "AccessKeyId"])?;
        (found == id).then_some(())?;
        let secret = field(["secret", "secret_access_key", "AccessKeySecret"])?;
        Some(Key { id: found, secret, token: field(["securitytoken", "security_token", "SecurityToken"]) })
    }
}

impl Sent {
    pub(crate) fn is_signed(&self) -> bool {
        self.header("authorization").is_some_and(|header| header.contains("Signature="))
            || self.raw_target.contains("&Signature=")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn path(&self) -> &str {
        self.raw_target.split_once('?').map_or(&self.raw_target, |(path, _)| path)
    }

    /// Returns the parameters of the query, decoded, in the order sent.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        decode(self.raw_target.split_once('?').map_or("", |(_, query)| query))
    }

    /// Returns a parameter of the query or a header of Alibaba Cloud's requests, which name what is called in either.
    pub(crate) fn called(&self, parameter: &str, header: &str) -> Option<String> {
        let of_query = || self.query().into_iter().find(|(name, _)| name == parameter).map(|(_, value)| value);
        self.header(header).map(str::to_owned).or_else(of_query)
    }

    /// Returns the parameters of a form body, decoded; none for other bodies.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        match self.header("content-type") {
            Some("application/x-www-form-urlencoded") => decode(&self.body),
            _ => Vec::new(),
        }
    }
}

/// Decodes parameters, for which `+` and `%20` are both a space.
pub(crate) fn decode(text: &str) -> Vec<(String, String)> {
    let word = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().unwrap().into_owned();
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap()).map(|(key, value)| (word(key), word(value))).collect()
}

/// Lends parameters to the encoders.
pub(crate) fn lend(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))
}
