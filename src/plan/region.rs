//! Unknown regions: a mistyped one makes a host that does not exist.

use std::collections::BTreeSet;

use super::account::Account;
use super::model::Plan;
use super::suggest;
use crate::http::Product;

impl Plan {
    /// Returns a warning for each account in use, by number, whose region its vendor is not known to have, unless the
    /// plan gives the endpoints itself.
    #[must_use]
    pub fn odd_regions(&self, in_use: &[bool]) -> Vec<String> {
        let kinds: BTreeSet<(u16, &Product)> =
            self.targets.iter().map(|target| (target.account, target.kind.stop_api.product)).collect();
        let used = self.accounts.iter().zip(in_use).enumerate().filter(|(_, (_, is_used))| **is_used);
        let warnings = used.filter_map(|(number, (account, _))| {
            let mut products = kinds.iter().filter(|(of, _)| usize::from(*of) == number).map(|(_, product)| *product);
            let product = products.find(|product| !account.endpoints.contains_key(product.name))?;
            odd_region(account, product)
        });
        warnings.collect()
    }
}

fn odd_region(account: &Account, product: &Product) -> Option<String> {
    let known = account.cloud.regions();
    if known.contains(&account.region.as_str()) {
        return None;
    }
    let near = suggest::nearest(&account.region, known.iter().copied());
    let near = near.map_or_else(String::new, |near| format!(" (did you mean {}?)", suggest::quote(near)));
    Some(format!(
        "The account {} is in the region {}, which {} is not known to have{near}: its requests go to {}.",
        suggest::quote(&account.name),
        suggest::quote(&account.region),
        account.cloud.name(),
        account.endpoint(product)
    ))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::plan::Variables;

    #[test]
    fn a_mistyped_region_is_told_with_its_endpoint_where_that_is_used() {
        let plan = |account: &str| {
            let text = format!(
                "version: 1\naccounts: {{a: {{{account}}}}}\ndefaults: {{account: a}}\n\
                 targets: [{{kind: fnf_execution, flow_name: f, execution_name: e}}]\n"
            );
            Plan::parse(text.as_bytes(), Path::new("plan.yaml"), &Variables::default()).unwrap().plan
        };
        assert_eq!(plan("cloud: alibaba, region: cn-hangzhou").odd_regions(&[true]), [""; 0]);
        let odd = "cloud: alibaba, region: cn-hangzou";
        let told = "The account `a` is in the region `cn-hangzou`, which alibaba is not known to have (did you mean \
                    `cn-hangzhou`?): its requests go to https://cn-hangzou.fnf.aliyuncs.com.";
        assert_eq!(plan(odd).odd_regions(&[true]), [told]);
        assert_eq!(plan(odd).odd_regions(&[false]), [""; 0]);
        assert_eq!(plan(&format!("{odd}, endpoints: {{fnf: 'http://127.0.0.1:1'}}")).odd_regions(&[true]), [""; 0]);
        assert_eq!(
            plan(&format!("{odd}, endpoints: {{elasticsearch: 'http://127.0.0.1:1'}}")).odd_regions(&[true]),
            [told]
        );
    }
}
