Feature: What the gateway knows and what it does not
  API Gateway answers for every path and verb, also for those that no method stands behind. Such a
  call never leaves the gateway, and its answer is the same for all of them.

  @GW-1
  Rule: A path or verb without a method is unknown
    Scenario Outline: <resource> has no other verbs
      When the client tries the verbs "<verbs>" on <resource>
      Then the gateway answers each call with 403 "Missing Authentication Token"
      And each of these answers has the error type "MissingAuthenticationTokenException"

      Examples:
        | resource                          | verbs                                        |
        | /                                 | GET, POST, PUT, DELETE, HEAD, PATCH, OPTIONS |
        | /streams                          | POST, PUT, DELETE, HEAD, PATCH, OPTIONS      |
        | /nowhere                          | GET, POST, PUT, DELETE, HEAD, PATCH, OPTIONS |
        | /streams/an-unknown-stream/shards | GET, POST, PUT, DELETE, HEAD, PATCH, OPTIONS |

    @requires:direct-kinesis
    Scenario Outline: Other verbs on <resource> do nothing to the stream
      Given a stream
      When the client tries the verbs "<verbs>" on <resource>
      Then the gateway answers each call with 403 "Missing Authentication Token"
      And each of these answers has the error type "MissingAuthenticationTokenException"
      And the stream is unchanged
      And nothing is stored in the stream

      Examples:
        | resource                             | verbs                                   |
        | /streams/{stream-name}               | PUT, HEAD, PATCH, OPTIONS               |
        | /streams/{stream-name}/record        | GET, POST, DELETE, HEAD, PATCH, OPTIONS |
        | /streams/{stream-name}/records       | POST, DELETE, HEAD, PATCH, OPTIONS      |
        | /streams/{stream-name}/sharditerator | POST, PUT, DELETE, HEAD, PATCH, OPTIONS |

  @GW-8 @requires:direct-kinesis
  Rule: A stream name in the path is decoded once
    Scenario: An encoded hyphen is a hyphen
      Given a stream
      When the client describes the stream with its hyphens encoded as "%2D"
      Then the description agrees with Kinesis field by field

    Scenario: A name encoded twice is decoded only once
      Given a stream
      When the client describes the stream with its hyphens encoded as "%252D"
      Then Kinesis refuses the call with ValidationException

    Scenario: An encoded slash belongs to the name
      When the client creates a new stream whose name goes on with "%2Frecord"
      Then Kinesis refuses the call with ValidationException
      And no new stream appears

    Scenario: An encoded slash is no step of the path
      Given a stream
      When the client sends GET to /streams%2F{stream-name}
      Then the gateway answers with 403 "Missing Authentication Token"

  @GW-10
  Rule: A slash at the end changes nothing
    Scenario: The streams are listed at /streams/ as well
      When the client sends GET to /streams/
      Then the answer is 200 with the fields:
        | field       | kind            |
        | StreamNames | a list of names |

  @GW-10a
  Rule: Capital letters count
    Scenario: There is nothing at /Streams
      When the client sends GET to /Streams
      Then the gateway answers with 403 "Missing Authentication Token"
