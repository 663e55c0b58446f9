package import Assistants
import GRDB

/// A model that answers requests of the models' own API, too.
package protocol GatewayBackend: ModelBackend {
    /// Passes a request on and gives back what the model's server answers, as it comes.
    func passOn(_ request: ModelAPIRequest) async throws(ModelError) -> ModelAPIAnswer
}

extension Engine: ModelGateway {
    package func passOn(
        _ request: ModelAPIRequest, for caller: Caller
    ) async throws(APIError) -> ModelAPIAnswer {
        let (limits, now) = (limits, clock.milliseconds)
        if limits.projectDay != nil {
            try await store.read { db in
                try db.requireTokens(of: caller.project, limits, at: now)
            }
        }
        do throws(ModelError) {
            let name = request.model.isEmpty ? Self.defaultModel : request.model
            let backend = try await models.backend(for: name)
            guard let gateway = backend as? any GatewayBackend else {
                throw ModelError(
                    .refused,
                    "\(backend.info.name) is built in and answers runs alone. Connect a model "
                        + "server to use this address.")
            }
            return try await gateway.passOn(request)
        } catch {
            throw APIError(gateway: error)
        }
    }
}

extension APIError {
    /// What a client is told where no answer of a model's server came.
    fileprivate init(gateway error: ModelError) {
        switch error.kind {
        case .refused: self.init(status: 400, code: "no_model", message: error.message)
        case .cancelled: self.init(status: 499, code: "cancelled", message: error.message)
        case .unreachable, .rateLimited, .contextOverflow, .server:
            self.init(status: 503, code: "no_model", message: error.message)
        }
    }
}
