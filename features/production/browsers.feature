@with:preflight
Feature: Callers in browsers
  A browser asks first whether a page may call the proxy, and then shows the page an answer only if
  that answer, too, allows its origin. Where only the first does, a page sees no error, just nothing.

  @SAFE-15
  Rule: The origin that a preflight allows is allowed on the answers too
    Scenario Outline: A page calls <action>
      Given a stream that the proxy serves
      And the origin that a preflight of <action> allows
      When the client calls <action> from that origin
      Then each answer allows the origin

      Examples:
        | action           |
        | ListStreams      |
        | DescribeStream   |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |

    @role:powerless
    Scenario Outline: A page is refused <action> by Kinesis
      Given the proxy runs under the powerless role
      And a stream that the proxy serves
      And the origin that a preflight of <action> allows
      When the client calls <action> from that origin
      Then each answer allows the origin

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

    @with:body
    Scenario Outline: A page is refused <action> by the gateway
      Given a stream that the proxy serves
      And the origin that a preflight of <action> allows
      When the client calls <action> from that origin with a body of the media type "application/x-unknown"
      Then each answer allows the origin

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |
