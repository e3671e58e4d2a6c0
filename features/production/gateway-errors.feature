@with:preflight
Feature: Errors of the gateway in browsers
  The gateway refuses some calls by itself, and gives up on others. A page sees such an error, too, only
  if it allows the page's origin. No response template can say that: a gateway response has to.

  @SAFE-15
  Rule: The origin that a preflight allows is allowed on errors of the gateway
    @exclusive @requires:kinesis-conditions
    Scenario Outline: The gateway gives up on <action>
      Given a stream that the proxy serves
      And the origin that a preflight of <action> allows
      And Kinesis answers <action> when the gateway has given up
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

    @with:body
    Scenario Outline: A page sends half a JSON document with <action>
      Given a stream that the proxy serves
      And the origin that a preflight of <action> allows
      When the client calls <action> from that origin with half a JSON document
      Then each answer allows the origin

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

    @with:api-key
    Scenario Outline: A page calls <action> with an API key that does not exist
      Given a stream that the proxy serves
      And the origin that a preflight of <action> allows
      When the client calls <action> from that origin with another API key
      Then each answer allows the origin

      Examples:
        | action           |
        | PutRecord        |
        | PutRecords       |
        | ListStreams      |
        | DescribeStream   |
        | GetShardIterator |
        | GetRecords       |

    @with:signature
    Scenario Outline: A page calls <action> unsigned
      Given a stream that the proxy serves
      And the origin that a preflight of <action> allows
      When the client calls <action> from that origin anonymously
      Then each answer allows the origin

      Examples:
        | action           |
        | PutRecord        |
        | PutRecords       |
        | ListStreams      |
        | DescribeStream   |
        | GetShardIterator |
        | GetRecords       |
