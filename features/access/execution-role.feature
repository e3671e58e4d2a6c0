Feature: The execution role
  API Gateway calls Kinesis under a role of its own. The role says who may use it and what it may
  do; a client of the proxy can never do more, and learns of a refusal only from the answer.

  @ROLE-1 @requires:control-plane
  Rule: API Gateway, and no one else, may use the role
    Scenario: The role trusts API Gateway alone
      When an operator reads the execution role
      Then only "apigateway.amazonaws.com" may assume it

  @ROLE-2 @requires:direct-kinesis
  Rule: The full-access policy opens all eight methods
    Scenario: Every call succeeds under full access
      Given a fresh stream
      When the client makes each of the eight calls
      Then these calls are answered 200, without an error of Kinesis:
        | call                 |
        | list streams         |
        | create a stream      |
        | describe a stream    |
        | put a record         |
        | put records          |
        | get a shard iterator |
        | get records          |
        | delete a stream      |

  @ROLE-2a @requires:control-plane
  Rule: The full-access role is for Kinesis, and at most for the gateway's own logs
    The console gives every role that is made for API Gateway the policy to push its logs.

    Scenario: Nothing else is within reach of the role
      When an operator reads the execution role
      Then it allows nothing but Kinesis and the writing of API Gateway logs

  @ROLE-3 @role:read-only @requires:direct-kinesis
  Rule: The read-only policy lets a client look, not touch
    Scenario: Reading succeeds, writing is denied and changes nothing
      Given the proxy runs under the read-only role
      And a fresh stream
      When the client makes each of the eight calls
      Then these calls are answered 200, without an error of Kinesis:
        | call                 |
        | list streams         |
        | describe a stream    |
        | get a shard iterator |
        | get records          |
      And these calls are denied:
        | call            |
        | create a stream |
        | put a record    |
        | put records     |
        | delete a stream |
      And the stream is unchanged
      And nothing is stored in the stream
      And no new stream appears
