@requires:direct-kinesis
Feature: Bodies that the proxy was not made for
  What has no template would go to Kinesis as it came, under the proxy's role: a caller who knows that can
  ask Kinesis for whatever the role allows.

  @SAFE-12
  Rule: A body of a media type without a template never reaches Kinesis
    Scenario Outline: <action> with other media types
      Given a stream that the proxy serves
      When the client calls <action> with Kinesis's own request as a body of each media type without a template
      Then the call fails
      And Kinesis holds nothing new

      Examples:
        | action           |
        | PutRecord        |
        | PutRecords       |
        | ListStreams      |
        | DescribeStream   |
        | GetShardIterator |
        | GetRecords       |

    @calls:CreateStream
    Scenario: CreateStream with other media types
      When the client calls CreateStream with Kinesis's own request as a body of each media type without a template
      Then the call fails
      And no new stream appears

    @calls:DeleteStream @with:stream
    Scenario: DeleteStream with other media types
      Given a fresh stream
      When the client calls DeleteStream with Kinesis's own request as a body of each media type without a template
      Then the call fails
      And the stream is unchanged

  @SAFE-13 @with:json-body
  Rule: A body that is not JSON, or lacks what the call needs, is refused and changes nothing
    Scenario Outline: <action> with half a document
      Given a stream that the proxy serves
      When the client calls <action> with half a JSON document
      Then the client is to blame
      And Kinesis holds nothing new

      Examples:
        | action           |
        | PutRecord        |
        | PutRecords       |
        | ListStreams      |
        | DescribeStream   |
        | GetShardIterator |
        | GetRecords       |

    @calls:CreateStream
    Scenario: CreateStream with half a document
      When the client calls CreateStream with half a JSON document
      Then the client is to blame
      And no new stream appears

    @with:members
    Scenario Outline: <action> with an empty object
      Given a stream that the proxy serves
      When the client calls <action> with the empty object
      Then the client is to blame
      And Kinesis holds nothing new

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

    @with:demands
    Scenario Outline: <action> without one of the members that it needs
      Given a stream that the proxy serves
      When the client calls <action> without each member that it needs in turn
      Then the client is to blame
      And Kinesis holds nothing new

      Examples:
        | action     |
        | PutRecord  |
        | PutRecords |

    @calls:PutRecords @with:elements
    Scenario: A batch of one empty object
      Given a stream that the proxy serves
      When the client puts a batch of one empty object
      Then the client is to blame
      And Kinesis holds nothing new
