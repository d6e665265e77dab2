//! Devices that are told of what is new, over a real push service of the test's own.

mod deciding;
mod delivering;
mod devices;
mod kit;
