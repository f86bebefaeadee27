namespace Ringmaster.Devices.Storage.Nvme;

/// <summary>Kinds of asynchronous events (NVM Express 1.4 section 5.2.1).</summary>
internal enum NvmeEventType
{
    /// <summary>Software has done what it must not; the error information log tells more.</summary>
    Error,

    /// <summary>The disk's health has changed; the SMART log tells more.</summary>
    Health,
}
