//! The groups of a cube, arranged once for all aggregates of its dataset: by the members of their scopes, and by the values
//! that their filters name.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::engine::{Cube, Group, Key};
use crate::plan::{Query, demanded};
use crate::quantity::Scalar;
use crate::semantics::hir::{ColumnId, Expr};

/// The groups of a cube.
pub(in crate::verdict) struct Groups<'a> {
    /// In the order of the cube.
    pub(super) all: Vec<(&'a [Key], &'a Group)>,
    keys: &'a [ColumnId],
    scopes: RefCell<HashMap<Vec<ColumnId>, Rc<Scoped>>>,
    /// By the position of a key: the groups of each value, and those whose value cannot be told.
    values: Vec<OnceCell<ByValue<'a>>>,
}

/// The groups of each value of a key, and those whose value cannot be told.
#[derive(Default)]
struct ByValue<'a> {
    known: HashMap<&'a Scalar, Vec<usize>>,
    others: Vec<usize>,
}

/// The groups of a cube by the members of a scope.
#[derive(Debug, Default)]
pub(super) struct Scoped {
    /// The place of each combination of members.
    pub members: HashMap<Vec<Scalar>, usize>,
    /// By group: the place of its members, or its keys, where they cannot be told.
    pub places: Vec<Result<usize, Vec<Key>>>,
}

impl<'a> Groups<'a> {
    pub fn new(cube: &'a Cube, query: &'a Query) -> Self {
        Groups {
            all: cube.groups.iter().map(|(codes, group)| (codes.as_slice(), group)).collect(),
            keys: &query.keys,
            scopes: RefCell::default(),
            values: query.keys.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// The groups by the members of a scope.
    pub(super) fn scoped(&self, scope: &[ColumnId]) -> Rc<Scoped> {
        if let Some(known) = self.scopes.borrow().get(scope) {
            return Rc::clone(known);
        }
        let positions: Vec<Option<usize>> =
            scope.iter().map(|column| self.keys.iter().position(|key| key == column)).collect();
        let mut scoped = Scoped::default();
        for (codes, _) in &self.all {
            let at = || positions.iter().map(|position| position.and_then(|at| codes.get(at)).unwrap_or(&Key::Bad));
            let known: Option<Vec<Scalar>> = at()
                .map(|key| match key {
                    Key::Known(scalar) => Some(scalar.clone()),
                    Key::Blank | Key::Bad => None,
                })
                .collect();
            scoped.places.push(match known {
                Some(known) => {
                    let next = scoped.members.len();
                    Ok(*scoped.members.entry(known).or_insert(next))
                }
                None => Err(at().cloned().collect()),
            });
        }
        let scoped = Rc::new(scoped);
        self.scopes.borrow_mut().insert(scope.to_vec(), Rc::clone(&scoped));
        scoped
    }

    /// The groups that a filter may let through, in order: where it demands a value of a key, those of this value and those
    /// whose value cannot be told. `None`: any group.
    pub(super) fn narrowed(&self, query: &Query, filter: &Expr) -> Option<Vec<usize>> {
        let (column, wanted) = demanded(filter)?;
        let position = query.keys.iter().position(|key| *key == column)?;
        let by_value = self.values.get(position)?.get_or_init(|| {
            let mut by_value = ByValue::default();
            for (at, (codes, _)) in self.all.iter().enumerate() {
                match codes.get(position) {
                    Some(Key::Known(scalar)) => by_value.known.entry(scalar).or_default().push(at),
                    _ => by_value.others.push(at),
                }
            }
            by_value
        });
        let of_value = wanted.iter().filter_map(|scalar| by_value.known.get(scalar));
        let mut found: Vec<usize> = of_value.chain([&by_value.others]).flatten().copied().collect();
        found.sort_unstable();
        found.dedup();
        Some(found)
    }
}
