@requires:direct-kinesis
Feature: Media types and bodies
  The mapping templates are for JSON. The gateway picks one by the media type alone; what has another
  type must not reach Kinesis, since it would do so unmapped: as a raw request for any stream.

  Background:
    Given a stream

  @GW-4
  Rule: The media type alone selects the template
    Scenario Outline: A record sent as <media type> is mapped
      Given the client's media type is "<media type>"
      When the client puts "some data" under the partition key "some key"
      Then the stream holds exactly one new record, the JSON text "some data"

      Examples:
        | media type                      | why                     |
        | application/json                | the template's own      |
        | application/json; charset=utf-8 | parameters do not count |

    Scenario: A record sent without a media type is mapped
      Given the client names no media type
      When the client puts "some data" under the partition key "some key"
      Then the stream holds exactly one new record, the JSON text "some data"

  @GW-5
  Rule: Another media type is refused and reaches nothing
    Scenario Outline: A record sent as <media type> is refused
      Given the client's media type is "<media type>"
      When the client puts "some data" under the partition key "some key"
      Then the gateway answers with 415 "Unsupported Media Type"
      And nothing is stored in the stream

      Examples:
        | media type                        | why                            |
        | text/plain                        | what a browser may send freely |
        | application/x-www-form-urlencoded | what forms and curl send       |
        | application/xml                   | another structure              |

    Scenario Outline: A raw Kinesis request to <call> is refused
      Given the client's media type is "application/x-amz-json-1.1"
      When the client sends a raw Kinesis request to <call>
      Then the gateway answers with 415 "Unsupported Media Type"
      And nothing is stored in the stream
      And the stream is unchanged
      And no new stream appears

      Examples:
        | call            |
        | create a stream |
        | put a record    |
        | put records     |

    Scenario: A raw Kinesis request to delete a stream is refused
      Given a fresh stream
      And the client's media type is "text/plain"
      When the client sends a raw Kinesis request to delete a stream
      Then the gateway answers with 415 "Unsupported Media Type"
      And the stream is unchanged

  @GW-6
  Rule: An empty body counts as an empty object
    Scenario Outline: To <call> with <body> is refused by Kinesis, not by the gateway
      When the client sends <body> to <call>
      Then Kinesis refuses the call with ValidationException
      And nothing is stored in the stream

      Examples:
        | call         | body        |
        | put a record | no body     |
        | put a record | the body {} |
        | put records  | no body     |
        | put records  | the body {} |

    Scenario: A creation with no body is a creation with defaults
      When the client creates a new stream with no body
      Then the stream has 5 shards

  @GW-7
  Rule: A body that is not JSON changes nothing and never succeeds
    Scenario Outline: To <call> with a broken body fails
      When the client sends the body {"Data": "x", "PartitionKey" to <call>
      Then the call does not succeed
      And nothing is stored in the stream
      And no new stream appears

      Examples:
        | call            |
        | create a stream |
        | put a record    |
        | put records     |
