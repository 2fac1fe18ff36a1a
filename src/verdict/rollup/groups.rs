//! The groups of a cube, arranged once for all aggregates of its dataset: by the members of their scopes, and by the values
//! that their filters name.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use foldhash::HashMap;

use super::packed;
use crate::engine::by_value::ByValue;
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
    packed_scopes: Mutex<Few<Vec<ColumnId>, Option<Arc<packed::Scope<'a>>>>>,
    /// Sums over all rows of a packed cube, by slot and scope.
    sums: Mutex<Few<BySlot, Arc<packed::Parts>>>,
    scopes: Mutex<HashMap<Vec<ColumnId>, Arc<Scoped>>>,
    /// By the position of a key: the groups of each value, and those whose value cannot be told.
    values: Vec<OnceLock<ByValue>>,
}

/// A slot, and the columns of a scope.
type BySlot = (usize, Vec<ColumnId>);

/// So few that they are found by going through them.
type Few<K, V> = Vec<(K, V)>;

/// A scope of a packed cube, and sums over all rows.
type Found<'a> = (Arc<packed::Scope<'a>>, Option<Arc<packed::Parts>>);

/// The groups of a cube by the members of a scope.
#[derive(Debug, Default)]
pub(super) struct Scoped {
    /// The place of each combination of members.
    pub members: HashMap<Vec<Scalar>, usize>,
    /// By group: the place of its members, or its keys, where they cannot be told.
    pub places: Vec<Result<usize, Vec<Key>>>,
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
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
            packed_scopes: Mutex::default(),
            sums: Mutex::default(),
            scopes: Mutex::default(),
            values: query.keys.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The places of a scope in a packed cube, and the sums of a slot over all rows; nothing if the cube is not packed.
    pub(super) fn packed(&self, scope: &[ColumnId], all: Option<usize>) -> Option<Option<Found<'a>>> {
        let cube = self.packed?;
        let mut scopes = locked(&self.packed_scopes);
        let known = scopes.iter().find(|(of, _)| of == scope).map(|(_, known)| known.clone());
        let found = known.unwrap_or_else(|| {
            let new = packed::Scope::new(cube, self.query, scope).map(Arc::new);
            scopes.push((scope.to_vec(), new.clone()));
            new
        });
        let Some(found) = found else { return Some(None) };
        let all = all.map(|slot| {
            let mut sums = locked(&self.sums);
            let known = sums.iter().find(|((own, of), _)| *own == slot && of == scope);
            known.map(|(_, known)| Arc::clone(known)).unwrap_or_else(|| {
                let new = Arc::new(packed::Rollup::all(&found, slot));
                sums.push(((slot, scope.to_vec()), Arc::clone(&new)));
                new
            })
        });
        Some(Some((found, all)))
    }

    /// The groups by the members of a scope.
    pub(super) fn scoped(&self, scope: &[ColumnId]) -> Arc<Scoped> {
        if let Some(known) = locked(&self.scopes).get(scope) {
            return Arc::clone(known);
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
        let scoped = Arc::new(scoped);
        locked(&self.scopes).insert(scope.to_vec(), Arc::clone(&scoped));
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
                let value = match codes.get(position) {
                    Some(Key::Known(scalar)) => Some(scalar),
                    _ => None,
                };
                by_value.add(at, value);
            }
            by_value
        });
        Some(by_value.may_be(&wanted))
    }
}
