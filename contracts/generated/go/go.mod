module packytrace.example/contracts/facts

go 1.21
