//! The routes of this crate.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{Admin, ApiResult, Caller, Json, Path, Problem, Role};
use weft_kernel::{Fault, id::PrincipalId};

use crate::{
    Kind, Phones,
    gateway::{GatewayView, SetGateway},
    own::{Number, OwnNumber, SetNumber, VerifyNumber, Visible},
    presets::{self, Preset},
};

/// The routes, without state.
pub(crate) fn router() -> OpenApiRouter<Phones> {
    OpenApiRouter::new()
        .routes(routes!(get_own, set_own, delete_own))
        .routes(routes!(verify_own))
        .routes(routes!(get_number))
        .routes(routes!(list_gateways))
        .routes(routes!(set_gateway, delete_gateway))
        .routes(routes!(test_gateway))
        .routes(routes!(set_visible))
}

fn owner(Admin(caller): Admin) -> Result<Caller, Fault> {
    if caller.role == Role::Owner {
        return Ok(caller);
    }
    Err(Fault::forbidden("Only owners may do this.").code("owner_only"))
}

/// My phone number.
#[utoipa::path(get, path = "/me/phone", operation_id = "getMyPhone", tag = "phones",
    responses((status = 200, body = OwnNumber), (status = "default", body = Problem)))]
async fn get_own(State(phones): State<Phones>, caller: Caller) -> ApiResult<Json<OwnNumber>> {
    Ok(Json(phones.own(&caller, false).await?))
}

/// Sets my phone number; a code is sent to it where the org has a gateway for SMS.
#[utoipa::path(put, path = "/me/phone", operation_id = "setMyPhone", tag = "phones", request_body = SetNumber,
    responses((status = 200, body = OwnNumber),
        (status = 409, body = Problem, description = "the number is kept, but no code could be sent"),
        (status = "default", body = Problem)))]
async fn set_own(
    State(phones): State<Phones>,
    caller: Caller,
    Json(wanted): Json<SetNumber>,
) -> ApiResult<Json<OwnNumber>> {
    Ok(Json(phones.set_own(&caller, &wanted).await?))
}

/// Forgets my phone number.
#[utoipa::path(delete, path = "/me/phone", operation_id = "deleteMyPhone", tag = "phones",
    responses((status = 204), (status = "default", body = Problem)))]
async fn delete_own(State(phones): State<Phones>, caller: Caller) -> ApiResult<StatusCode> {
    phones.delete_own(&caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Proves that the number is mine, by the code that was sent to it.
#[utoipa::path(post, path = "/me/phone/verify", operation_id = "verifyMyPhone", tag = "phones",
    request_body = VerifyNumber,
    responses((status = 200, body = OwnNumber), (status = 422, body = Problem, description = "`wrong_code`"),
        (status = "default", body = Problem)))]
async fn verify_own(
    State(phones): State<Phones>,
    caller: Caller,
    Json(wanted): Json<VerifyNumber>,
) -> ApiResult<Json<OwnNumber>> {
    Ok(Json(phones.verify_own(&caller, &wanted).await?))
}

/// Somebody's phone number, for admins and whom the owner lets see it.
#[utoipa::path(get, path = "/principals/{id}/phone", operation_id = "getPhone", tag = "phones",
    params(("id" = String, Path)),
    responses((status = 200, body = Number), (status = "default", body = Problem)))]
async fn get_number(
    State(phones): State<Phones>,
    caller: Caller,
    Path(id): Path<PrincipalId>,
) -> ApiResult<Json<Number>> {
    Ok(Json(phones.of(&caller, id).await?))
}

/// An org's gateways, and what it can begin from.
#[derive(Debug, Serialize, ToSchema)]
struct Gateways {
    /// Those that are set up.
    items: Vec<GatewayView>,
    /// Templates to begin from.
    presets: Vec<Preset>,
    /// Who sees phone numbers, besides their own people and the admins.
    visible: Visible,
}

/// The gateways for SMS and calls (owners).
#[utoipa::path(get, path = "/phone-gateways", operation_id = "listPhoneGateways", tag = "phones",
    responses((status = 200, body = Gateways), (status = "default", body = Problem)))]
async fn list_gateways(State(phones): State<Phones>, admin: Admin) -> ApiResult<Json<Gateways>> {
    let caller = owner(admin)?;
    let items = phones.gateways(caller.org).await?;
    let visible = phones.visible(caller.org).await?;
    Ok(Json(Gateways { items, presets: presets::all()?, visible }))
}

/// Sets up a gateway (owners).
#[utoipa::path(put, path = "/phone-gateways/{kind}", operation_id = "setPhoneGateway", tag = "phones",
    params(("kind" = Kind, Path)), request_body = SetGateway,
    responses((status = 200, body = GatewayView), (status = "default", body = Problem)))]
async fn set_gateway(
    State(phones): State<Phones>,
    admin: Admin,
    Path(kind): Path<Kind>,
    Json(wanted): Json<SetGateway>,
) -> ApiResult<Json<GatewayView>> {
    Ok(Json(phones.set_gateway(owner(admin)?.org, kind, wanted).await?))
}

/// Takes a gateway down, and forgets its secrets (owners).
#[utoipa::path(delete, path = "/phone-gateways/{kind}", operation_id = "deletePhoneGateway", tag = "phones",
    params(("kind" = Kind, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn delete_gateway(
    State(phones): State<Phones>,
    admin: Admin,
    Path(kind): Path<Kind>,
) -> ApiResult<StatusCode> {
    phones.delete_gateway(owner(admin)?.org, kind).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where a test went.
#[derive(Debug, Serialize, ToSchema)]
struct Tested {
    /// The owner's own number, all but its last digits hidden.
    number: String,
}

/// Really sends a test to the owner's own number.
#[utoipa::path(post, path = "/phone-gateways/{kind}/test", operation_id = "testPhoneGateway", tag = "phones",
    params(("kind" = Kind, Path)),
    responses((status = 200, body = Tested),
        (status = 409, body = Problem,
            description = "`no_gateway`, `no_number`, `gateway_refused`, `gateway_unreachable`"),
        (status = "default", body = Problem)))]
async fn test_gateway(
    State(phones): State<Phones>,
    admin: Admin,
    Path(kind): Path<Kind>,
) -> ApiResult<Json<Tested>> {
    let caller = owner(admin)?;
    Ok(Json(Tested { number: phones.test(&caller, kind).await? }))
}

/// Who sees phone numbers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetVisible {
    /// Besides their own people: admins alone, or all members.
    visible: Visible,
}

/// Decides who sees phone numbers (owners).
#[utoipa::path(put, path = "/phone-visibility", operation_id = "setPhoneVisibility", tag = "phones",
    request_body = SetVisible, responses((status = 204), (status = "default", body = Problem)))]
async fn set_visible(
    State(phones): State<Phones>,
    admin: Admin,
    Json(wanted): Json<SetVisible>,
) -> ApiResult<StatusCode> {
    phones.set_visible(owner(admin)?.org, wanted.visible).await?;
    Ok(StatusCode::NO_CONTENT)
}
