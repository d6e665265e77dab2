//! UnifiedPush (<https://unifiedpush.org/developers/spec/server/>): a push server of the reader's
//! own choice, ntfy for one, or a gateway to a phone maker's. The bytes are encrypted as for Web Push.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request};
use serde::Deserialize;
use weft_kernel::{Fault, FaultKind};

use super::{Endpoint, LIMITS, Outcome, Post, Provider, Push};

/// See the module. Servers that want to know who speaks are told as in Web Push.
pub struct UnifiedPush(pub Post);

/// How a push server answers whoever asks what it is.
#[derive(Deserialize)]
struct Discovery {
    unifiedpush: Version,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

fn no_push_server() -> Fault {
    let sentence = "There is no UnifiedPush server at this address. Choose the distributor again in the app.";
    Fault::new(FaultKind::Conflict, sentence).code("not_a_push_server")
}

#[async_trait]
impl Provider for UnifiedPush {
    fn kind(&self) -> &'static str {
        "unifiedpush"
    }

    async fn check(&self, endpoint: &Endpoint) -> Result<(), Fault> {
        let request = Request::builder().method(Method::GET).uri(&endpoint.url).body(Bytes::new());
        let request = request.map_err(|_| no_push_server())?;
        let answer = self.0.outbound.send(request, LIMITS).await?;
        match serde_json::from_slice::<Discovery>(&answer.body) {
            Ok(found) if answer.status.is_success() && found.unifiedpush.version == 1 => Ok(()),
            _ => Err(no_push_server()),
        }
    }

    async fn send(&self, endpoint: &Endpoint, push: &Push) -> Outcome {
        self.0.send(endpoint, push).await
    }
}
