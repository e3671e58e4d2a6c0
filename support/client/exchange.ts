/** One call of the proxy, kept so that a failure can be read and repeated. */
export interface Exchange {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Undefined if the request has no body. */
    readonly body?: string;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  /** Milliseconds. */
  readonly durationMs: number;
}

/** Media types of what scenarios attach to cucumber's messages for the reports to pick up. */
export const EXCHANGE_MEDIA_TYPE = 'application/vnd.kinesis-proxy-conformance.exchange+json';
/** Text: the state of Kinesis or the control plane when a scenario failed. */
export const OBSERVATION_MEDIA_TYPE = 'application/vnd.kinesis-proxy-conformance.observation+text';
/** Text: why a scenario was skipped; cucumber's skipped status has no reason. */
export const SKIP_REASON_MEDIA_TYPE = 'application/vnd.kinesis-proxy-conformance.skip-reason+text';
/** An Exchange: a test invocation, which is not a client's call. */
export const TEST_INVOCATION_MEDIA_TYPE = 'application/vnd.kinesis-proxy-conformance.test-invocation+json';
/** Text: the execution log of a test invocation, from API Gateway. */
export const EXECUTION_LOG_MEDIA_TYPE = 'application/vnd.kinesis-proxy-conformance.execution-log+text';
/** Text: a weakness of the definition that a scenario met, one sentence without a full stop. */
export const WEAKNESS_MEDIA_TYPE = 'application/vnd.kinesis-proxy-conformance.weakness+text';
