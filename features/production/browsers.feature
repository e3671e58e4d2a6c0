@with:preflight
Feature: Callers in browsers
  A browser asks first whether a page may call the proxy, and then shows the page an answer only if
  that answer, too, allows its origin. Where only the first does, a page sees no error, just nothing.

  @SAFE-15
  Rule: A preflight lets a page call
    Scenario Outline: A browser asks for <action>
      When a browser asks whether a page may call <action>
      Then the browser would let the page call it

      Examples:
        | action           |
        | ListStreams      |
        | DescribeStream   |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |
        | GetRecords       |
        | CreateStream     |
        | DeleteStream     |

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
        | GetRecords       |
        | CreateStream     |

    @calls:DeleteStream @with:stream
    Scenario: A page deletes a stream
      Given a fresh stream
      And the origin that a preflight of DeleteStream allows
      When the client calls DeleteStream from that origin
      Then each answer allows the origin

    @role:powerless
    Scenario Outline: A page is refused <action> by Kinesis
      Given the proxy runs under the powerless role
      And a stream that the proxy serves
      And the origin that a preflight of <action> allows
      When the client calls <action> from that origin
      Then each answer allows the origin

      Examples:
        | action           |
        | PutRecord        |
        | PutRecords       |
        | ListStreams      |
        | DescribeStream   |
        | GetShardIterator |
        | GetRecords       |
        | CreateStream     |
        | DeleteStream     |

    @exclusive @requires:kinesis-conditions
    Scenario Outline: Kinesis fails while a page calls <action>
      Given a stream that the proxy serves
      And the origin that a preflight of <action> allows
      And Kinesis answers <action> with InternalFailure
      When the client calls <action> from that origin
      Then each answer allows the origin

      Examples:
        | action           |
        | ListStreams      |
        | DescribeStream   |
        | PutRecord        |
        | PutRecords       |
        | GetShardIterator |
        | GetRecords       |
        | CreateStream     |
        | DeleteStream     |

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
