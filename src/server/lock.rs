//! Locks that survive the panic of another thread.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// A panic of another thread leaves counts and codes whole, so the lock stays usable.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
