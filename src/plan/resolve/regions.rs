//! Reads where an account is: in one region, or in several, each of which makes an account of its own.

use std::collections::HashMap;

use crate::plan::fields::Fields;
use crate::plan::finding::Finding;
use crate::plan::format::ACCOUNT;
use crate::plan::reader::{Field, Reader};
use crate::plan::suggest::quote;
use crate::plan::tree::{Node, Span};
use crate::plan::value::HOST_WORD;

/// Where an account is.
pub(super) enum Regions {
    /// In the region that `region` names.
    One(String),
    /// In those of `regions` or `projects`, as written.
    Several(Vec<Region>),
}

/// One of an account's regions.
pub(super) struct Region {
    pub(super) name: String,
    /// Its project; only `projects` names one.
    pub(super) project_id: Option<String>,
    /// Where the plan names it.
    pub(super) place: Span,
}

/// Reads `region`, `regions` and `projects`, one of which an account has.
pub(super) fn read(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) -> Option<Regions> {
    let (regions, projects) = (ACCOUNT.regions.field(fields, reader), ACCOUNT.projects.field(fields, reader));
    refuse_both(fields, reader);
    let of_regions = regions.map(|field| self::regions(field, reader));
    let of_projects = projects.map(|field| self::projects(field, reader));
    if let Some(several) = of_regions.or(of_projects) {
        let _ = ACCOUNT.region.read(fields, reader);
        return several.map(Regions::Several);
    }
    let (regions, projects) = (ACCOUNT.regions.name, ACCOUNT.projects.name);
    if !(fields.is_mistyped(regions) || fields.is_mistyped(projects)) {
        fields.require(ACCOUNT.region.name, reader)?;
    }
    ACCOUNT.region.read(fields, reader).map(Regions::One)
}

/// Reports keys that stand in place of each other.
fn refuse_both(fields: &Fields<'_, '_>, reader: &mut Reader<'_>) {
    let (region, project) = (ACCOUNT.region.name, ACCOUNT.project_id.name);
    let (regions, projects) = (ACCOUNT.regions.name, ACCOUNT.projects.name);
    for (one, several) in [(region, regions), (region, projects), (project, projects)] {
        if let (Some(place), Some(first)) = (fields.key(several), fields.key(one)) {
            let title = format!("an account has either {} or {}", quote(one), quote(several));
            let finding = Finding::error(place, title).related(first, "the other one");
            reader
                .found
                .push(finding.hint(format!("remove one of the two; use {} for several regions", quote(several))));
        }
    }
}

fn regions(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<Region>> {
    let items: Vec<_> = reader.list(field)?.map(|item| region(item.node, None, reader)).collect();
    each_once(field, items, reader)
}

fn projects(field: Field<'_, '_>, reader: &mut Reader<'_>) -> Option<Vec<Region>> {
    let entries = reader.entries(field)?.iter();
    let items: Vec<_> = entries.map(|entry| region(&entry.key, Some(&entry.value), reader)).collect();
    each_once(field, items, reader)
}

fn region(name: &Node<'_>, project: Option<&Node<'_>>, reader: &mut Reader<'_>) -> Option<Region> {
    let mut word = |name, node| (HOST_WORD.read)(Field { name, node }, reader);
    let of_region = word(ACCOUNT.region.name, name);
    let project_id = match project {
        Some(node) => word(ACCOUNT.project_id.name, node).map(Some),
        None => Some(None),
    };
    Some(Region { name: of_region?, project_id: project_id?, place: name.span })
}

/// Returns the regions, if there is one and none is there twice.
fn each_once(field: Field<'_, '_>, items: Vec<Option<Region>>, reader: &mut Reader<'_>) -> Option<Vec<Region>> {
    if items.is_empty() {
        let finding = Finding::error(field.node.span, format!("{field} is empty"));
        reader.found.push(finding.hint("name at least one region"));
        return None;
    }
    let mut is_fine = items.iter().all(Option::is_some);
    let regions: Vec<Region> = items.into_iter().flatten().collect();
    let mut places = HashMap::new();
    for region in &regions {
        // Host names are case-insensitive.
        let first = *places.entry(region.name.to_ascii_lowercase()).or_insert(region.place);
        if first != region.place {
            is_fine = false;
            let finding = Finding::error(region.place, format!("{field} has this region twice"));
            let finding = finding.label("duplicate").related(first, "first named here");
            reader.found.push(finding.hint("remove one of them"));
        }
    }
    is_fine.then_some(regions)
}
