//! Web Push: the service of the browser's maker (RFC 8030), which asks who speaks (RFC 8292).

use async_trait::async_trait;
use weft_kernel::Fault;

use super::{Endpoint, Outcome, Post, Provider, Push};

/// See the module.
pub struct WebPush(pub Post);

#[async_trait]
impl Provider for WebPush {
    fn kind(&self) -> &'static str {
        "web"
    }

    async fn check(&self, _: &Endpoint) -> Result<(), Fault> {
        // The browser made it; whether it works shows with the first push.
        Ok(())
    }

    async fn send(&self, endpoint: &Endpoint, push: &Push) -> Outcome {
        self.0.send(endpoint, push).await
    }
}
