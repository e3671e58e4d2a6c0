Feature: The API as deployed
  A definition is worth what it does once it is deployed. The stage has to serve it, the console's
  test invocation has to tell the truth about it, and it must not matter whether the API was
  imported or built by hand, resource by resource.

  @DEF-12
  Rule: The API is deployed to a stage and answers there
    Scenario: The stage answers at its URL
      When the client lists the streams
      Then the call succeeds

    @requires:control-plane
    Scenario: The stage serves the newest deployment
      When an operator reads the deployed API
      Then its stage serves the newest deployment

  @DEF-13 @requires:control-plane @requires:own-roles @slow
  Rule: Importing the definition and building it by hand give the same API
    Scenario: An imported API has the configuration of one built by hand
      When an operator imports the definition and also builds it by hand
      Then both APIs have the same resources, methods, integrations and responses

  @DEF-14 @requires:test-invoke @requires:direct-kinesis
  Rule: A test invocation gives the answer of the deployed call
    Scenario: All eight calls give the same answers both ways
      Given a fresh stream
      And another fresh stream
      When each of the eight calls is made to the stage and as a test invocation
      Then both ways give the same answers and leave the same in Kinesis
