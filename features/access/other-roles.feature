@requires:direct-kinesis
Feature: Execution roles that grant too little
  A proxy is often deployed under a role that does not fit. Whatever is wrong with the role, nothing
  may happen in Kinesis that the role does not allow, and the client has to be able to tell.

  @ROLE-4 @role:untrusted
  Rule: A role that API Gateway may not assume stops every call in the gateway
    Scenario: A role that trusts another service is of no use
      Given the proxy runs under the untrusted role
      And a fresh stream
      When the client makes each of the eight calls
      Then the gateway answers each call with 500 "Internal server error"
      And the stream is unchanged
      And nothing is stored in the stream
      And no new stream appears

  @ROLE-5 @GW-3 @role:powerless
  Rule: Without any permission each call is denied by Kinesis, as a 200
    Scenario: A role without a policy may do nothing
      Given the proxy runs under the powerless role
      And a fresh stream
      When the client makes each of the eight calls
      Then each answer is 200 with Kinesis's AccessDeniedException
      And the stream is unchanged
      And nothing is stored in the stream
      And no new stream appears

  @ROLE-6 @role:one-stream
  Rule: A role limited to one stream works there and nowhere else
    Background:
      Given the proxy runs under the one-stream role
      And the stream that the role is limited to
      And another stream

    Scenario: The stream within reach takes the record
      When the client puts "for the permitted stream" under the partition key "some key"
      Then the stream holds exactly one new record, the JSON text "for the permitted stream"

    Scenario: Another stream is out of reach
      When the client puts a record into the other stream with the body {"Data": "x", "PartitionKey": "k"}
      Then Kinesis refuses the call with AccessDeniedException
      And nothing is stored in the other stream
