//! The certificates of the authorities that are trusted, from `SSL_CERT_FILE` and `SSL_CERT_DIR`, else the system's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::error::TransportError;
use crate::base::environment::Environment;

const FILE: &str = "SSL_CERT_FILE";
const FOLDERS: &str = "SSL_CERT_DIR";

/// The mark with which editors of some systems begin a text file.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Certificates, and where they come from.
#[derive(Debug, Default)]
struct Found {
    certificates: Vec<CertificateDer<'static>>,
    /// Why some could not be read.
    trouble: Option<String>,
}

/// Whom a client trusts, ready for connections.
#[derive(Debug, Clone)]
pub(super) struct Trust {
    pub(super) tls: ClientConfig,
    /// Where the certificates come from, in words.
    pub(super) source: Arc<str>,
}

impl Trust {
    /// Reads the certificates that `environment` names, else the system's.
    pub(super) fn load(environment: &Environment) -> Result<Self, TransportError> {
        let (file, folders) = (environment.get(FILE), environment.get(FOLDERS));
        let (found, source) = if file.is_none() && folders.is_none() {
            (of_system(), source_of_system(environment))
        } else {
            (named(file, folders), source(file, folders))
        };
        let mut roots = RootCertStore::empty();
        let (usable, _) = roots.add_parsable_certificates(found.certificates);
        if usable == 0 {
            return Err(TransportError::Certificates { place: source, trouble: found.trouble });
        }
        let mut tls = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { tls, source: source.into() })
    }
}

/// Names the places that the variables name.
fn source(file: Option<&str>, folders: Option<&str>) -> String {
    let places = [(FILE, file), (FOLDERS, folders)];
    let places = places.iter().filter_map(|(name, value)| Some(format!("{name} ({})", (*value)?)));
    places.collect::<Vec<_>>().join(" and ")
}

/// Names the system's store, or the empty variable that hides it.
fn source_of_system(environment: &Environment) -> String {
    let empty = environment.names().find(|name| [FILE, FOLDERS].contains(name));
    empty.map_or_else(|| "this system".to_owned(), |name| format!("{name}, which is empty"))
}

fn of_system() -> Found {
    let result = rustls_native_certs::load_native_certs();
    Found { certificates: result.certs, trouble: result.errors.first().map(ToString::to_string) }
}

fn named(file: Option<&str>, folders: Option<&str>) -> Found {
    let mut found = Found::default();
    if let Some(file) = file {
        found.add(Path::new(file));
    }
    for folder in folders.into_iter().flat_map(std::env::split_paths).filter(|folder| !folder.as_os_str().is_empty()) {
        match files(&folder) {
            Ok(files) => files.iter().for_each(|file| found.add(file)),
            Err(error) => found.note(&folder, &error),
        }
    }
    found
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    Ok(entries.into_iter().filter(|path| path.is_file()).collect())
}

impl Found {
    fn add(&mut self, file: &Path) {
        match fs::read(file) {
            Ok(text) => self.add_text(&text),
            Err(error) => self.note(file, &error),
        }
    }

    fn add_text(&mut self, text: &[u8]) {
        // Bundles that were put together of files from other systems have such marks in their middle, too.
        let clean = String::from_utf8_lossy(text).replace(BYTE_ORDER_MARK, "").replace('\r', "\n");
        for certificate in CertificateDer::pem_slice_iter(clean.as_bytes()) {
            match certificate {
                Ok(certificate) => self.certificates.push(certificate),
                Err(error) => self.trouble = self.trouble.take().or_else(|| Some(error.to_string())),
            }
        }
    }

    fn note(&mut self, path: &Path, error: &io::Error) {
        self.trouble.get_or_insert_with(|| format!("{}: {error}", path.display()));
    }
}
