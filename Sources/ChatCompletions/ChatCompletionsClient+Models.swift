import Transport
import Wire

extension ChatCompletionsClient {
    /// What the server offers, in its order, with context lengths where it tells them.
    ///
    /// Ollama and LM Studio are asked on their own paths, too, as their `/v1/models` keeps that to
    /// itself: give `kind` where it is known.
    public func models(kind: ModelServerKind = .generic) async throws(ChatError) -> [ModelListing] {
        switch kind {
        case .lmStudio:
            for path in ["/api/v1/models", "/api/v0/models"] {
                if let list = await optionalList(serverRoot + path), !list.isEmpty { return list }
            }
            return try await list(baseURL + "/models")
        case .llamaCpp:
            var list = try await list(baseURL + "/models")
            // A slot's share of the context is what one conversation gets.
            if let slot = await optional("GET", serverRoot + "/props")?[
                "default_generation_settings"]?[
                    "n_ctx"]?.integerValue, list.count == 1
            {
                list[0].contextTokens = slot
            }
            return list
        case .ollama:
            return await withOllamaContexts(try await list(baseURL + "/models"))
        default:
            return try await list(baseURL + "/models")
        }
    }

    /// How many tokens Ollama's model reads: what is allocated, else what the model could. Its
    /// server cuts longer conversations silently, so that this must be known before.
    private func withOllamaContexts(_ list: [ModelListing]) async -> [ModelListing] {
        var list = list
        let running = await optional("GET", serverRoot + "/api/ps")?["models"]?.arrayValue ?? []
        for index in list.indices {
            let id = list[index].id
            let loaded = running.first {
                $0["name"]?.stringValue == id || $0["model"]?.stringValue == id
            }
            list[index].isLoaded = loaded != nil
            list[index].contextTokens = loaded?["context_length"]?.integerValue
            // One question for each model: only so many that a list stays quick.
            if list[index].contextTokens == nil, index < 32 {
                list[index].contextTokens = await ollamaModelContext(id)
            }
        }
        return list
    }

    private func ollamaModelContext(_ id: String) async -> Int? {
        let body = (["model": .string(id)] as JSONValue).bytes
        let info = await optional("POST", serverRoot + "/api/show", body: body)?["model_info"]
        guard let members = info?.objectValue else { return nil }
        let length = members.first { $0.key.hasSuffix(".context_length") }
        return length?.value.integerValue
    }

    private func list(_ url: String) async throws(ChatError) -> [ModelListing] {
        let answer = try await json("GET", url)
        // A bare list, or in `data`, or in LM Studio's `models`.
        let entries =
            answer.arrayValue ?? answer["data"]?.arrayValue ?? answer["models"]?.arrayValue
        guard let entries else {
            throw ChatError(.badResponse, message: "no list of models", place: host)
        }
        return entries.compactMap(ModelListing.init)
    }

    /// The address without `/v1`, under which servers have paths of their own.
    var serverRoot: String {
        baseURL.hasSuffix("/v1") ? String(baseURL.dropLast(3)) : baseURL
    }

    /// An answer as JSON.
    func json(
        _ method: String, _ url: String, body: [UInt8] = []
    ) async throws(ChatError) -> JSONValue {
        let response = try await send(method, url, body: body)
        let bytes: [UInt8]
        do throws(TransportError) {
            bytes = try await response.body.collect(upTo: ChatOptions.listLimit)
        } catch {
            throw ChatError(error)
        }
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            let text = mask.masked(ErrorBody(body: bytes).message)
            throw ChatError(.badResponse, message: text, place: host, status: response.status)
        }
    }

    /// An answer that may be missing: a path that only some versions of a server have.
    private func optional(_ method: String, _ url: String, body: [UInt8] = []) async -> JSONValue? {
        try? await json(method, url, body: body)
    }

    private func optionalList(_ url: String) async -> [ModelListing]? {
        try? await list(url)
    }
}
