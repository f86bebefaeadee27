namespace Ringmaster.Backends.Display;

/// <summary>A client has said what the protocol does not allow, or what it could not prove; the connection ends.</summary>
internal sealed class RfbProtocolException(string message) : Exception(message);
