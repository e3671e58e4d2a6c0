Feature: How answers come back through the gateway
  A client sees the gateway's own headers and Kinesis's body. Since only a default response is mapped,
  an error of Kinesis looks like a success unless the client reads the body.

  @GW-2
  Rule: Answers carry the gateway's headers and none of Kinesis's
    @requires:direct-kinesis
    Scenario: Each of the eight calls is answered alike
      Given a fresh stream
      When the client makes each of the eight calls
      Then each answer is JSON and carries the headers:
        | header           |
        | x-amzn-RequestId |
        | x-amz-apigw-id   |
        | X-Amzn-Trace-Id  |
      And no answer carries a header of Kinesis or a CORS header

    Scenario: A gateway-generated error has no trace id
      When the client sends GET to /nowhere
      Then the gateway answers with 403 "Missing Authentication Token"
      And each answer is JSON and carries the headers:
        | header           |
        | x-amzn-RequestId |
        | x-amzn-ErrorType |
      And the answer lacks the header "X-Amzn-Trace-Id"
      And no answer carries a header of Kinesis or a CORS header

  @GW-3 @requires:direct-kinesis
  Rule: An error of Kinesis is a 200 with Kinesis's error as its body
    Scenario Outline: A failed attempt to <call> is answered with 200
      Given a stream
      When the client tries, and fails, to <call>
      Then the answer is 200 with Kinesis's <error>

      Examples:
        | call                 | error                     | why                         |
        | create a stream      | ResourceInUseException    | the name is in use          |
        | describe a stream    | ResourceNotFoundException | there is no such stream     |
        | delete a stream      | ResourceNotFoundException | there is no such stream     |
        | put a record         | ResourceNotFoundException | there is no such stream     |
        | put records          | ResourceNotFoundException | there is no such stream     |
        | get a shard iterator | ResourceNotFoundException | there is no such stream     |
        | get records          | InvalidArgumentException  | the iterator is invalid     |

  @GW-11
  Rule: A client's trace goes on
    Scenario: The root of the trace id is kept
      Given the client sends the trace id "Root=1-5759e988-bd862e3fe1be46a994272793"
      When the client lists the streams
      Then the answer goes on with the trace "Root=1-5759e988-bd862e3fe1be46a994272793"
