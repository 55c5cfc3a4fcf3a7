//! One unit of a listing: what it shows counts when it is complete.

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;

use super::catalog::Catalog;
use super::pager;
use crate::error::{ApiError, ErrorClass};
use crate::service::{List, Resource, ResourceListing, Unit};

/// A unit that is being listed.
pub(super) struct OpenUnit<'c, 'l> {
    catalog: &'c Catalog<'l>,
    number: u32,
    what: String,
    is_ended: bool,
}

impl ResourceListing for Catalog<'_> {
    fn now(&self) -> Option<Timestamp> {
        Catalog::now(self)
    }

    fn unit(&self, what: String) -> Box<dyn Unit + '_> {
        let number = self.begin();
        Box::new(OpenUnit { catalog: self, number, what, is_ended: false })
    }

    fn expect(&self, units: usize) {
        self.expect_units(units);
    }

    fn warn(&self, what: String) {
        self.note(what);
    }
}

impl Unit for OpenUnit<'_, '_> {
    fn read<'u>(
        &'u mut self,
        list: &'u dyn List,
        row: &'u mut (dyn FnMut(Resource) -> Option<Resource> + Send),
    ) -> BoxFuture<'u, Result<(), ApiError>> {
        async move {
            let pages = self.catalog.pages(list.api());
            pager::read(&pages, list, &mut |mut resource| {
                resource.at = self.catalog.service_time(list.api());
                if let Some(found) = row(resource) {
                    self.catalog.found(self.number, &found);
                }
            })
            .await
        }
        .boxed()
    }

    fn found(&mut self, resource: Resource) {
        self.catalog.found(self.number, &resource);
    }

    fn complete(mut self: Box<Self>) {
        self.is_ended = true;
        self.catalog.completed();
    }

    fn fail(mut self: Box<Self>, error: ApiError) {
        self.is_ended = true;
        self.catalog.failed(self.number, &self.what, error);
    }
}

impl Drop for OpenUnit<'_, '_> {
    fn drop(&mut self) {
        if !self.is_ended && self.catalog.is_cut() {
            self.catalog.cut(&self.what);
        } else if !self.is_ended {
            let message = Some("it was not listed to its end".into());
            let error = ApiError { class: Some(ErrorClass::Protocol), message, ..ApiError::default() };
            self.catalog.failed(self.number, &self.what, error);
        }
    }
}
