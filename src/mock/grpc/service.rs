//! What is asked of every call, whatever its method. Source: grpc/doc/PROTOCOL-HTTP2.md, "Requests".

use super::status::refusal;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode, Uri, Version, header};
use tonic::Status;

/// The methods behind the checks that every call has to pass.
pub(in crate::mock) fn service(methods: Router) -> Router {
    let methods = methods.fallback(|uri: Uri| async move {
        refusal(&Status::unimplemented(format!("there is no method {}", uri.path())))
    });
    methods.layer(from_fn(admit))
}

async fn admit(request: Request, next: Next) -> Response {
    if request.version() != Version::HTTP_2 {
        return (StatusCode::HTTP_VERSION_NOT_SUPPORTED, "gRPC needs HTTP/2.\n").into_response();
    }
    let content_type = request.headers().get(header::CONTENT_TYPE).map(|value| value.as_bytes());
    if !content_type.is_some_and(is_grpc) {
        return (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The content type of a call is application/grpc.\n")
            .into_response();
    }
    if request.method() != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")], "A call is a POST.\n").into_response();
    }
    next.run(request).await
}

/// Whether it is gRPC in protocol buffers.
fn is_grpc(content_type: &[u8]) -> bool {
    let Some(rest) = content_type.strip_prefix(b"application/grpc") else { return false };
    let rest = rest.strip_prefix(b"+proto").unwrap_or(rest);
    rest.is_empty() || rest.starts_with(b";")
}

#[cfg(test)]
mod tests {
    use super::is_grpc;

    #[test]
    fn other_kinds_of_grpc_are_not_meant() {
        for good in ["application/grpc", "application/grpc+proto", "application/grpc;charset=utf-8"] {
            assert!(is_grpc(good.as_bytes()), "{good}");
        }
        for other in ["application/grpc-web", "application/grpc+json", "application/json", "text/grpc"] {
            assert!(!is_grpc(other.as_bytes()), "{other}");
        }
    }
}
