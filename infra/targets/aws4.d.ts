/** The part of aws4 1.13 that this project uses; the package brings no types. */
declare module 'aws4' {
  interface Request {
    host: string;
    method: string;
    /** With the query string, as it is sent. */
    path: string;
    headers: Record<string, string>;
    service: string;
    region: string;
    body?: string | Buffer;
    /** In the query instead of a header. */
    signQuery?: boolean;
    /** By lower-case name: headers to sign that it would leave out, and to leave out that it would sign. */
    extraHeadersToInclude?: Record<string, boolean>;
    extraHeadersToIgnore?: Record<string, boolean>;
  }
  interface Credentials {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string | undefined;
  }
  const aws4: {
    /** Adds the headers of a signature to the request's own, or its parameters to the path's query. */
    sign(request: Request, credentials: Credentials): Request;
  };
  export default aws4;
}
