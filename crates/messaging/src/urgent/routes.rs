//! The routes of this module.

use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{Admin, ApiResult, Caller, Json, Path, Problem, Query, Role};
use weft_kernel::{Fault, id::MessageId};

use super::{
    Policy, Step,
    buzz::{self, BuzzRequest},
    list::{self, Urgency, UrgentPage},
    log::{self, DeliveryPage, LogQuery, UsagePage},
    preferences::{self, OwnPreferences, Preferences},
};
use crate::{cx::Cx, wire::Message};

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new()
        .routes(routes!(make_urgent, see_urgent, cancel_urgent))
        .routes(routes!(saw_urgent))
        .routes(routes!(urgency))
        .routes(routes!(get_policy, set_policy))
        .routes(routes!(usage))
        .routes(routes!(deliveries))
        .routes(routes!(get_preferences, set_preferences))
}

fn owner(Admin(caller): Admin) -> Result<Caller, Fault> {
    if caller.role == Role::Owner {
        return Ok(caller);
    }
    Err(Fault::forbidden("Only owners may do this.").code("owner_only"))
}

/// Makes my message urgent for those who have not confirmed it, or for some of them.
#[utoipa::path(post, path = "/messages/{id}/urgent", operation_id = "makeUrgent", tag = "urgent",
    params(("id" = String, Path)), request_body = BuzzRequest,
    responses((status = 200, body = Message),
        (status = 403, body = Problem, description = "`not_sender`, `urgent_not_allowed`"),
        (status = 409, body = Problem, description = "`already_urgent`, `urgent_too_many`, `urgent_quota`"),
        (status = "default", body = Problem)))]
async fn make_urgent(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(request): Json<BuzzRequest>,
) -> ApiResult<Json<Message>> {
    Ok(Json(buzz::buzz(&cx, &caller, id, request).await?))
}

/// Whom my urgent message has reached how.
#[utoipa::path(get, path = "/messages/{id}/urgent", operation_id = "seeUrgent", tag = "urgent",
    params(("id" = String, Path)),
    responses((status = 200, body = UrgentPage), (status = 403, body = Problem, description = "`not_sender`"),
        (status = 409, body = Problem, description = "`not_urgent`"), (status = "default", body = Problem)))]
async fn see_urgent(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<UrgentPage>> {
    Ok(Json(list::page(&cx, &caller, id).await?))
}

/// Takes the urgency of my message back: nobody is shown it insistently any more, no further step
/// is taken. It still asks to be confirmed.
#[utoipa::path(delete, path = "/messages/{id}/urgent", operation_id = "cancelUrgent", tag = "urgent",
    params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = Problem, description = "`not_sender`"),
        (status = 409, body = Problem, description = "`not_urgent`"), (status = "default", body = Problem)))]
async fn cancel_urgent(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<StatusCode> {
    buzz::cancel(&cx, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A device of mine has shown me an urgent message.
#[utoipa::path(put, path = "/messages/{id}/urgent/seen", operation_id = "sawUrgent", tag = "urgent",
    params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = Problem, description = "`not_urgent`"),
        (status = "default", body = Problem)))]
async fn saw_urgent(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<StatusCode> {
    buzz::seen(&cx, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What I may do with urgent messages.
#[utoipa::path(get, path = "/urgent", operation_id = "getUrgency", tag = "urgent",
    responses((status = 200, body = Urgency), (status = "default", body = Problem)))]
async fn urgency(State(cx): State<Cx>, caller: Caller) -> ApiResult<Json<Urgency>> {
    Ok(Json(list::urgency(&cx, &caller).await?))
}

/// An org's policy and what it can choose from.
#[derive(Debug, Serialize, ToSchema)]
struct PolicyAnswer {
    /// What the owner decided.
    policy: Policy,
    /// The steps outside the app that this server can take for the org now.
    offered: Vec<Step>,
}

/// The policy for urgent messages (owners).
#[utoipa::path(get, path = "/urgent/policy", operation_id = "getUrgentPolicy", tag = "urgent",
    responses((status = 200, body = PolicyAnswer), (status = "default", body = Problem)))]
async fn get_policy(State(cx): State<Cx>, admin: Admin) -> ApiResult<Json<PolicyAnswer>> {
    let caller = owner(admin)?;
    let policy = Policy::load(&cx.db, caller.org).await?;
    Ok(Json(PolicyAnswer { policy, offered: cx.steps.offered(caller.org).await? }))
}

/// Decides on the policy for urgent messages (owners). It holds at once, also for those under way.
#[utoipa::path(put, path = "/urgent/policy", operation_id = "setUrgentPolicy", tag = "urgent",
    request_body = Policy,
    responses((status = 200, body = PolicyAnswer), (status = "default", body = Problem)))]
async fn set_policy(
    State(cx): State<Cx>,
    admin: Admin,
    Json(policy): Json<Policy>,
) -> ApiResult<Json<PolicyAnswer>> {
    let caller = owner(admin)?;
    let policy = policy.save(&cx.db, caller.org).await?;
    Ok(Json(PolicyAnswer { policy, offered: cx.steps.offered(caller.org).await? }))
}

/// Who used how much this month (owners).
#[utoipa::path(get, path = "/urgent/usage", operation_id = "getUrgentUsage", tag = "urgent",
    responses((status = 200, body = UsagePage), (status = "default", body = Problem)))]
async fn usage(State(cx): State<Cx>, admin: Admin) -> ApiResult<Json<UsagePage>> {
    Ok(Json(log::usage(&cx, &owner(admin)?).await?))
}

/// Every step to anybody, the latest first (owners).
#[utoipa::path(get, path = "/urgent/deliveries", operation_id = "listUrgentDeliveries", tag = "urgent",
    params(LogQuery),
    responses((status = 200, body = DeliveryPage), (status = "default", body = Problem)))]
async fn deliveries(
    State(cx): State<Cx>,
    admin: Admin,
    Query(query): Query<LogQuery>,
) -> ApiResult<Json<DeliveryPage>> {
    Ok(Json(log::deliveries(&cx, &owner(admin)?, query).await?))
}

/// What I want for myself.
#[utoipa::path(get, path = "/me/urgent", operation_id = "getUrgentPreferences", tag = "urgent",
    responses((status = 200, body = OwnPreferences), (status = "default", body = Problem)))]
async fn get_preferences(State(cx): State<Cx>, caller: Caller) -> ApiResult<Json<OwnPreferences>> {
    Ok(Json(preferences::load(&cx, &caller).await?))
}

/// Says what I want for myself.
#[utoipa::path(put, path = "/me/urgent", operation_id = "setUrgentPreferences", tag = "urgent",
    request_body = Preferences,
    responses((status = 200, body = OwnPreferences), (status = "default", body = Problem)))]
async fn set_preferences(
    State(cx): State<Cx>,
    caller: Caller,
    Json(wanted): Json<Preferences>,
) -> ApiResult<Json<OwnPreferences>> {
    Ok(Json(preferences::save(&cx, &caller, wanted).await?))
}
