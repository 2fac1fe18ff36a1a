//! The groups of a cube, arranged once for all aggregates of its dataset: by the members of their scopes, and by the values
//! that their filters name.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::packed;
use crate::engine::cube::Packed;
use crate::engine::{self, Cube, Group, Key};
use crate::plan::{Query, demanded};
use crate::quantity::Scalar;
use crate::semantics::hir::{ColumnId, Expr};

/// The groups of a cube.
pub(in crate::verdict) struct Groups<'a> {
    /// In the order of the cube; none of a packed one.
    pub(super) all: Vec<(&'a [Key], &'a Group)>,
    packed: Option<&'a Packed>,
    query: &'a Query,
    /// The scopes of a packed cube; `None` of columns that it is not by.
    packed_scopes: RefCell<HashMap<Vec<ColumnId>, Option<Arc<packed::Scope<'a>>>>>,
    /// Sums over all rows of a packed cube, by slot and scope.
    sums: RefCell<BySlot>,
    scopes: RefCell<HashMap<Vec<ColumnId>, Rc<Scoped>>>,
    /// By the position of a key: the groups of each value, and those whose value cannot be told.
    values: Vec<OnceCell<ByValue<'a>>>,
}

/// By slot and scope.
type BySlot = HashMap<(usize, Vec<ColumnId>), Arc<packed::Parts>>;

/// A scope of a packed cube, and sums over all rows.
type Found<'a> = (Arc<packed::Scope<'a>>, Option<Arc<packed::Parts>>);

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
            all: match &cube.groups {
                engine::Groups::Each(groups) => groups.iter().map(|(codes, group)| (codes.as_slice(), group)).collect(),
                engine::Groups::Packed(_) => Vec::new(),
            },
            packed: match &cube.groups {
                engine::Groups::Each(_) => None,
                engine::Groups::Packed(packed) => Some(packed),
            },
            query,
            packed_scopes: RefCell::default(),
            sums: RefCell::default(),
            scopes: RefCell::default(),
            values: query.keys.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// The places of a scope in a packed cube, and the sums of a slot over all rows; nothing if the cube is not packed.
    pub(super) fn packed(&self, scope: &[ColumnId], all: Option<usize>) -> Option<Option<Found<'a>>> {
        let cube = self.packed?;
        let mut scopes = self.packed_scopes.borrow_mut();
        let new = || packed::Scope::new(cube, self.query, scope).map(Arc::new);
        let Some(found) = scopes.entry(scope.to_vec()).or_insert_with(new) else { return Some(None) };
        let all = all.map(|slot| {
            let mut sums = self.sums.borrow_mut();
            let new = || Arc::new(packed::Rollup::all(found, slot));
            Arc::clone(sums.entry((slot, scope.to_vec())).or_insert_with(new))
        });
        Some(Some((Arc::clone(found), all)))
    }

    /// The groups by the members of a scope.
    pub(super) fn scoped(&self, scope: &[ColumnId]) -> Rc<Scoped> {
        if let Some(known) = self.scopes.borrow().get(scope) {
            return Rc::clone(known);
        }
        let positions: Vec<Option<usize>> =
            scope.iter().map(|column| self.query.keys.iter().position(|key| key == column)).collect();
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
