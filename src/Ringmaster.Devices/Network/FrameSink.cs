namespace Ringmaster.Devices.Network;

/// <summary>Takes a finished frame, which is valid during the call only.</summary>
public delegate void FrameSink(ReadOnlySpan<byte> frame);
