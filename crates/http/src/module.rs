//! What a domain gives to the server.

use utoipa_axum::router::OpenApiRouter;

/// Where the API lives.
pub const API: &str = "/api/v1";

/// A domain's routes (with its state filled in), to be nested under [`API`].
pub struct Module {
    /// For the log.
    pub name: &'static str,
    /// Routes with their OpenAPI descriptions.
    pub router: OpenApiRouter,
}
