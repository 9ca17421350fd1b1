//! warp's routes as a function from an address to an answer.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tower_service::Service as _;
use warp::filters::BoxedFilter;
use warp::http::Request;
use warp::{Filter as _, Reply};

use super::problem::{Answer, Problem};

/// Answers an address: path and query.
pub type Router = Arc<dyn Fn(&str) -> BoxFuture<'static, Answer> + Send + Sync>;

/// An answer on its way through warp's service, which hands on only responses of its own, whose bodies cannot be looked into.
struct Carried(Answer);

impl Reply for Carried {
    fn into_response(self) -> warp::reply::Response {
        let mut response = warp::reply::Response::default();
        response.extensions_mut().insert(self.0);
        response
    }
}

/// Returns the function of the routes. They take every address.
pub fn router(routes: BoxedFilter<(Answer,)>) -> Router {
    let service = warp::service(routes.map(Carried));
    Arc::new(move |address| {
        let request = Request::get(address).body(warp::reply::Response::default().into_body());
        let mut service = service.clone();
        async move {
            let Ok(request) = request else {
                return Err(Problem::not_found("page or file", "", None));
            };
            let Ok(mut response) = service.call(request).await;
            response.extensions_mut().remove().unwrap_or_else(|| Err(Problem::internal()))
        }
        .boxed()
    })
}
