import type { Express, Request, Response } from 'express';
import { createServer, IncomingMessage, ServerResponse, type RequestListener, type Server } from 'node:http';
import { CONNECTION_LIMITS, guardConnections, type ConnectionLimits } from './connections.js';

export interface WebServer {
  /** Listens to nothing yet. */
  readonly server: Server;
  /** Hands every request to this app from now on. Call once. */
  readonly serve: (app: Express) => void;
}

/**
 * Makes the HTTP server for an Express app. Express gives each request and response its own prototypes by
 * `Object.setPrototypeOf`, after which V8 makes new hidden classes for every property that is set: a quarter to a
 * third of all CPU time. Here both are constructed with these prototypes, so that Express changes nothing.
 * Until `serve` is called, requests are answered with 503.
 * @param onCrowded as of {@link guardConnections}
 */
export function createWebServer(
  limits: ConnectionLimits = CONNECTION_LIMITS,
  onCrowded?: () => void,
): WebServer {
  // Classes of this server alone, for they lead to its app.
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse<AppRequest> {}

  let handler: RequestListener<typeof AppRequest, typeof AppResponse> = (_req, res) => {
    res.writeHead(503).end();
  };
  const server = createServer(
    {
      IncomingMessage: AppRequest,
      ServerResponse: AppResponse,
      connectionsCheckingInterval: limits.check,
    },
    (req, res) => handler(req, res),
  );
  guardConnections(server, limits, onCrowded);
  return {
    server,
    serve(app) {
      Object.setPrototypeOf(AppRequest.prototype, app.request as object);
      Object.setPrototypeOf(AppResponse.prototype, app.response as object);
      app.request = AppRequest.prototype as Request;
      app.response = AppResponse.prototype as Response;
      handler = app;
    },
  };
}
